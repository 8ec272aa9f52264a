using System.Data.Common;
using System.Globalization;
using RaceLab.CommandLine;
using RaceLab.Contenders;

namespace RaceLab.Engines.MySql;

/// <summary>MariaDB or MySQL, which count statements alike and rows each in its own way.</summary>
internal sealed class MySqlFamilyEngine(string name, string connectionString) : ServerEngine
{
    private readonly bool _isMariaDb = name == "MariaDB";
    private string _version = "";

    private static DbProviderFactory Driver => MySqlConnector.MySqlConnectorFactory.Instance;

    public override string Description => $"{name} {_version} ({Driver.GetType().Namespace})";

    public override string Registration => """builder.Services.AddSmartMySqlCache("Server=localhost;Database=shop;User ID=shop;Password=…");""";

    public override string HowCounted =>
        $"""
        Counted by the server, all of it, so it should have nothing else to do
        (SHOW GLOBAL STATUS: Questions, Com_*, {(_isMariaDb ? "Handler_update, Handler_delete" : "Innodb_rows_*")}).
        {Pooling}
        A SET counts as a statement. Rows of a batch that happens to be written during a request count with it.
        """;

    protected override DbDataSource LastWriterWinsSource { get; } = Driver.CreateDataSource(connectionString);

    protected override LastWriterWinsSql LastWriterWinsSql { get; } = new(KeyType: "VARCHAR(449)", ValueType: "LONGBLOB")
    {
        Upsert = name == "MariaDB" ? Upsert("", column => $"VALUES({column})") : Upsert(" AS n", column => $"n.{column}"),
    };

    /// <summary>What the driver sends whenever it takes a connection from its pool.</summary>
    private static string Pooling =>
        """
        Last writer wins is on the connection string as it is given: MySqlConnector then resets a connection that it takes
        from its pool again, as for any cache on such a string. SmartCache, given the same string, switches that reset off.
        """;

    /// <summary>
    /// MariaDB has no counters of InnoDB's rows. Its Handler_write counts an INSERT whether it adds a row or finds one,
    /// which then counts as updated too; but a session is there before its race begins, and nothing is added in it.
    /// </summary>
    private string[] RowCounters => _isMariaDb ? ["Handler_update", "Handler_delete"] : ["Innodb_rows_inserted", "Innodb_rows_updated", "Innodb_rows_deleted"];

    public override async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await base.PrepareAsync(cancellationToken);

        // MariaDB puts an old number before its own, a concession to replication.
        _version = Counting.ServerVersion.Replace("5.5.5-", "", StringComparison.Ordinal);
        if (_version.Contains("MariaDB", StringComparison.OrdinalIgnoreCase) != _isMariaDb)
        {
            throw new UsageException($"--connection leads to a server of version {_version}, which is not {name}.");
        }
    }

    public override async ValueTask<DatabaseCounts> CountAsync(CacheKind kind, CancellationToken cancellationToken)
    {
        string[] transactionCounters = ["Com_begin", "Com_commit", "Com_rollback", "Com_savepoint", "Com_release_savepoint", "Com_rollback_to_savepoint"];

        // SHOW STATUS is the lab's own. Only the batch that notes which sessions were used updates through a join.
        string[] otherCounters = ["Com_show_status", "Com_update_multi"];
        var status = await ReadStatusAsync(["Questions", .. transactionCounters, .. otherCounters, .. RowCounters], cancellationToken);
        var transactionControl = transactionCounters.Sum(counter => status[counter]);
        return new DatabaseCounts(
            status["Questions"] - transactionControl - otherCounters.Sum(counter => status[counter]),
            transactionControl,
            RowCounters.Sum(counter => status[counter]));
    }

    protected override void AddSmartCache(IServiceCollection services) =>
        services.AddSmartMySqlCache(options =>
        {
            options.ConnectionString = connectionString;
            options.TableName = SmartCacheTable;
        });

    /// <param name="alias">What MySQL calls the row that the INSERT brings; MariaDB knows no such name.</param>
    /// <param name="brought">A column of that row: MySQL has deprecated VALUES().</param>
    private static string Upsert(string alias, Func<string, string> brought) =>
        $"""
        INSERT INTO {LastWriterWinsSql.TableName} (cache_key, expires_at, sliding_ms, absolute_at, value)
        VALUES (@key, @expires_at, @sliding_ms, @absolute_at, @value){alias}
        ON DUPLICATE KEY UPDATE
          expires_at = {brought("expires_at")},
          sliding_ms = {brought("sliding_ms")},
          absolute_at = {brought("absolute_at")},
          value = {brought("value")}
        """;

    private async Task<Dictionary<string, long>> ReadStatusAsync(IEnumerable<string> counters, CancellationToken cancellationToken)
    {
        var status = new Dictionary<string, long>(StringComparer.OrdinalIgnoreCase);
        await using var reader = await QueryAsync($"SHOW GLOBAL STATUS WHERE Variable_name IN ('{string.Join("', '", counters)}')", cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            status[reader.GetString(0)] = long.Parse(reader.GetString(1), CultureInfo.InvariantCulture);
        }

        return status;
    }
}
