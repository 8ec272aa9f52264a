using System.Data.Common;
using System.Globalization;
using SmartCache.Contract.Engines;

namespace SmartCache.MySql.Tests;

/// <summary>
/// Counts by the server's general log, which has every command by its user, those included that are no statements
/// (Ping, Init DB, Reset Connection, Prepare). So the cache logs in as a user of its own.
/// </summary>
internal sealed class MySqlStatementAccount : StatementAccount
{
    private const string User = "counted";

    private readonly DbConnection _observer;
    private readonly DbConnectionStringBuilder _login;
    private readonly WireTap _tap;
    private readonly string _logOutput;
    private readonly string _generalLog;

    private MySqlStatementAccount(DbConnection observer, string connectionString)
    {
        _observer = observer;
        _login = new DbConnectionStringBuilder { ConnectionString = connectionString };
        _tap = new WireTap((string)_login["Server"], int.Parse((string)_login["Port"], CultureInfo.InvariantCulture));
        (_login["Server"], _login["Port"]) = ("127.0.0.1", _tap.Port);
        (_login["User ID"], _login["Password"]) = (User, User);
        _logOutput = Query("SELECT @@GLOBAL.log_output")[0].Text;
        _generalLog = Query("SELECT @@GLOBAL.general_log")[0].Text;
    }

    public override long? RoundTrips => _tap.RoundTrips;

    public static async Task<MySqlStatementAccount> OpenAsync(MySqlEngine engine)
    {
        var account = new MySqlStatementAccount(engine.OpenConnection(), engine.ConnectionString);
        await account.RunAsync($"DROP USER IF EXISTS '{User}'@'%'");
        await account.RunAsync($"CREATE USER '{User}'@'%' IDENTIFIED BY '{User}'");
        await account.RunAsync($"GRANT ALL PRIVILEGES ON {engine.Quote((string)account._login["Database"])}.* TO '{User}'@'%'");
        await account.RunAsync("SET GLOBAL log_output = 'TABLE'");
        await account.RunAsync("SET GLOBAL general_log = ON");
        return account;
    }

    public override void Connect(SmartCacheOptions options) => options.ConnectionString = _login.ConnectionString;

    public override IReadOnlyList<string> Take()
    {
        // Up to the first value. Of several statements sent as one text MySQL logs each, MariaDB the text.
        var commands = Query($"SELECT CONVERT(SUBSTRING_INDEX(argument, '''', 1) USING latin1), command_type FROM mysql.general_log WHERE user_host LIKE '{User}[%'");
        Query("TRUNCATE TABLE mysql.general_log");
        return [.. commands.SelectMany(static command => command.Type is "Query" or "Execute" ? command.Text.Split(";\n").Select(Verb) : [command.Type])];
    }

    public override async ValueTask DisposeAsync()
    {
        await RunAsync($"SET GLOBAL general_log = {_generalLog}");
        await RunAsync($"SET GLOBAL log_output = '{_logOutput}'");
        await RunAsync("TRUNCATE TABLE mysql.general_log");
        await RunAsync($"DROP USER '{User}'@'%'");
        await _tap.DisposeAsync();
        await _observer.DisposeAsync();
    }

    private List<(string Text, string Type)> Query(string sql)
    {
        using var command = _observer.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<(string, string)>();
        while (reader.Read())
        {
            rows.Add((Convert.ToString(reader.GetValue(0), CultureInfo.InvariantCulture)!, reader.FieldCount > 1 ? reader.GetString(1) : ""));
        }

        return rows;
    }

    private async Task RunAsync(string sql)
    {
        await using var command = _observer.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
