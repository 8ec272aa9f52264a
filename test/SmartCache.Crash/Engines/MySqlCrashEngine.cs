using System.Data.Common;
using SmartCache.Engines;

namespace SmartCache.Crash.Engines;

/// <summary>MariaDB or MySQL.</summary>
internal sealed class MySqlCrashEngine(EngineName name) : ServerCrashEngine(name)
{
    private const int NoSuchThread = 1094;

    public override string Name { get; } = name == EngineName.MySql ? "mysql" : "mariadb";

    protected override DbProviderFactory Driver => MySqlConnector.MySqlConnectorFactory.Instance;

    // Where the binary log has no space MySQL waits a minute before it looks again: it is beside the disk that runs full,
    // as it should be anyway, and not kept for its month.
    protected override IReadOnlyList<string> SmallDiskSettings { get; } =
        name == EngineName.MySql ? ["--log-bin=../binlog", "--max-binlog-size=67108864", "--binlog-expire-logs-seconds=30"] : [];

    public override async Task CloseConnectionsAsync()
    {
        var user = (string)new DbConnectionStringBuilder { ConnectionString = ConnectionString }["User ID"];
        await using var connection = await OpenAsync();
        var own = (await ListAsync(connection, "SELECT CONNECTION_ID()")).Single();
        var threads = (await ListAsync(connection, "SHOW PROCESSLIST")).Select(row => row.Split(' '));
        foreach (var thread in threads.Where(fields => fields[1] == user && fields[0] != own).Select(fields => fields[0]))
        {
            try
            {
                await ListAsync(connection, $"KILL {thread}");
            }
            catch (DbException exception) when (exception.Data["Server Error Code"] is NoSuchThread)
            {
                // It has closed by itself meanwhile.
            }
        }
    }

    public override async Task<IReadOnlyList<string>> FindDamageAsync() =>
        [.. (await ListAsync("CHECK TABLE smart_cache EXTENDED")).Where(row => !row.EndsWith(" status OK", StringComparison.Ordinal))];
}
