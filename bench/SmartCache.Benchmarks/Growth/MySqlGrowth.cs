using System.Globalization;
using SmartCache.Engines;
using SmartCache.MySql;

namespace SmartCache.Benchmarks;

/// <summary>MariaDB or MySQL, with InnoDB: a primary key is clustered, the rows are in it.</summary>
internal sealed class MySqlGrowth : GrowthDatabase
{
    private const string PrimaryKey = "PRIMARY KEY (`key_crc32`, `cache_key`)";

    public MySqlGrowth(BenchmarkEngine engine)
        : base(engine)
    {
        string Script(string table) => engine.CreateTableScript(table);
        Layouts =
        [
            new Layout("crc-key", "PRIMARY KEY (key_crc32, cache_key)", Script),
            new Layout(
                "auto-increment",
                "PRIMARY KEY (id), UNIQUE KEY (key_crc32, cache_key)",
                static table => new SmartMySqlCacheOptions { TableName = table, PrimaryKey = MySqlPrimaryKey.AutoIncrement }.CreateTableScript()),
            new Layout("key", "PRIMARY KEY (cache_key)", table => Without(Script(table), PrimaryKey, "PRIMARY KEY (`cache_key`)")) { HasCrc = false },
        ];
    }

    public override IReadOnlyList<Layout> Layouts { get; }
    public override string? BeforeProbing => null;

    // A binary log would take space and time, and nobody reads it.
    protected override string? BeforeFilling => "SET SESSION sql_log_bin = 0";

    public override async Task FillKeysAsync(long count, CancellationToken cancellationToken)
    {
        const int FirstKeys = 500;
        await RunAsync($"DROP TABLE IF EXISTS {Keys}", cancellationToken);
        await RunAsync($"CREATE TABLE {Keys} (number BIGINT NOT NULL PRIMARY KEY, key_crc32 BIGINT NOT NULL, cache_key VARBINARY(36) NOT NULL)", cancellationToken);
        await using var connection = await DataSource.OpenConnectionAsync(cancellationToken);
        await connection.RunAsync(BeforeFilling!, null, cancellationToken);
        await InsertKeysAsync($"(WITH RECURSIVE n AS (SELECT 0 AS number UNION ALL SELECT number + 1 FROM n WHERE number + 1 < {Math.Min(count, FirstKeys)}) SELECT number FROM n)");
        for (var filled = (long)FirstKeys; filled < count; filled *= 2)
            await InsertKeysAsync($"(SELECT number + {filled} AS number FROM {Keys} WHERE number < {Math.Min(filled, count - filled)})");

        Task<int> InsertKeysAsync(string numbers) => connection.RunAsync(
            $"""
            INSERT INTO {Keys} (number, key_crc32, cache_key)
            SELECT number, CRC32(cache_key), cache_key
            FROM (
              SELECT number, CONCAT_WS('-', SUBSTR(hash, 1, 8), SUBSTR(hash, 9, 4), SUBSTR(hash, 13, 4), SUBSTR(hash, 17, 4), SUBSTR(hash, 21, 12)) AS cache_key
              FROM (SELECT number, SHA2(number, 256) AS hash FROM {numbers} AS n) AS h) AS k
            ORDER BY number
            """,
            null,
            cancellationToken);
    }

    /// <summary>Writes the pages that a fill has left changed in the buffer, which would otherwise go on while something else is measured.</summary>
    public override async Task SettleAsync(string table, CancellationToken cancellationToken)
    {
        const int Few = 500;
        await using var connection = await DataSource.OpenConnectionAsync(cancellationToken);
        await RunAsync($"ANALYZE TABLE {table}", cancellationToken);
        await RunAsync("SET GLOBAL innodb_max_dirty_pages_pct = 0", cancellationToken);
        for (var tries = 0; tries < 600 && await DirtyPagesAsync() > Few; tries++)
            await Task.Delay(TimeSpan.FromMilliseconds(500), cancellationToken);

        await RunAsync("SET GLOBAL innodb_max_dirty_pages_pct = 90", cancellationToken);

        async Task<long> DirtyPagesAsync()
        {
            var row = (await Database.ListAsync(connection, "SHOW GLOBAL STATUS LIKE 'Innodb_buffer_pool_pages_dirty'", cancellationToken)).Single();
            return long.Parse(row.Split(' ')[1], CultureInfo.InvariantCulture);
        }
    }

    public override async Task FillProbesAsync(string probes, long rows, int count, CancellationToken cancellationToken)
    {
        await RunAsync($"DROP TABLE IF EXISTS {probes}", cancellationToken);
        await RunAsync($"CREATE TABLE {probes} (id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, key_crc32 BIGINT NOT NULL, cache_key VARBINARY(36) NOT NULL)", cancellationToken);
        await RunAsync(
            $"""
            INSERT INTO {probes} (key_crc32, cache_key)
            SELECT key_crc32, cache_key
            FROM {Keys}
            WHERE number < {rows} AND number % {Math.Max(1, rows / count)} = 0
            ORDER BY SHA2(cache_key, 256)
            """,
            cancellationToken);
        await RunAsync($"ANALYZE TABLE {probes}", cancellationToken);
    }

    public override string ProbeStatement(GrowthTable table, string probes) =>
        $"""
        SELECT MAX(t.version)
        FROM {probes} AS p
        STRAIGHT_JOIN {table.Name} AS t FORCE INDEX ({(table.Layout.Name == "auto-increment" ? "key_crc32" : "PRIMARY")}) ON {table.Layout.Join("t", "p")}
        """;

    protected override async Task<(long TableBytes, long IndexBytes)> SizeOfAsync(string table, CancellationToken cancellationToken)
    {
        const string From = "FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name =";
        return (
            await DataSource.AskAsync($"SELECT data_length {From} '{table}'", null, cancellationToken),
            await DataSource.AskAsync($"SELECT index_length {From} '{table}'", null, cancellationToken));
    }
}
