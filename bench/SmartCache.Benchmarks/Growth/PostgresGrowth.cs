namespace SmartCache.Benchmarks;

/// <summary>PostgreSQL, which has a crc from version 18 on.</summary>
internal sealed class PostgresGrowth : GrowthDatabase
{
    private const string PrimaryKey = "PRIMARY KEY (\"key_crc32\", \"cache_key\")";

    public PostgresGrowth(BenchmarkEngine engine)
        : base(engine)
    {
        string Script(string table) => engine.CreateTableScript(table);
        string Keyless(string table) => Without(Script(table), $",\n  {PrimaryKey}", "");
        Layouts =
        [
            new Layout("crc-key", "PRIMARY KEY (key_crc32, cache_key)", Script),
            new Layout("key", "PRIMARY KEY (cache_key)", table => Without(Script(table), PrimaryKey, "PRIMARY KEY (\"cache_key\")")) { HasCrc = false },
            new Layout(
                "crc",
                "INDEX (key_crc32), a 32-bit integer",
                table => $"{Without(Keyless(table), "\"key_crc32\" bigint", "\"key_crc32\" integer")}; CREATE INDEX ON {table} (key_crc32)") { IsCrcNarrow = true },
            new Layout("hash", "INDEX USING hash (cache_key)", table => $"{Keyless(table)}; CREATE INDEX ON {table} USING hash (cache_key)") { HasCrc = false },
        ];
    }

    public override IReadOnlyList<Layout> Layouts { get; }

    public override string? BeforeProbing =>
        "SET enable_hashjoin = off; SET enable_mergejoin = off; SET enable_memoize = off; SET enable_bitmapscan = off; SET max_parallel_workers_per_gather = 0; SET jit = off";

    public override async Task FillKeysAsync(long count, CancellationToken cancellationToken)
    {
        await RunAsync(
            $"""
            DROP TABLE IF EXISTS {Keys};
            CREATE UNLOGGED TABLE {Keys} AS
            SELECT number, crc32(cache_key) AS key_crc32, cache_key
            FROM (
              SELECT number, convert_to(left(encode(sha256(convert_to(number::text, 'UTF8')), 'hex'), 32)::uuid::text, 'UTF8') AS cache_key
              FROM generate_series(0, {count - 1}::bigint) AS number) AS k
            """,
            cancellationToken);
        await RunAsync($"CREATE UNIQUE INDEX ON {Keys} (number); ANALYZE {Keys}", cancellationToken);
    }

    public override async Task SettleAsync(string table, CancellationToken cancellationToken)
    {
        await RunAsync($"VACUUM (ANALYZE) {table}", cancellationToken);
        await RunAsync("CHECKPOINT", cancellationToken);
    }

    public override async Task FillProbesAsync(string probes, long rows, int count, CancellationToken cancellationToken)
    {
        await RunAsync(
            $"""
            DROP TABLE IF EXISTS {probes};
            CREATE UNLOGGED TABLE {probes} AS
            SELECT key_crc32, cache_key
            FROM {Keys}
            WHERE number < {rows} AND number % {Math.Max(1, rows / count)} = 0
            ORDER BY sha256(cache_key)
            """,
            cancellationToken);
        await RunAsync($"VACUUM (ANALYZE) {probes}", cancellationToken);
    }

    public override string ProbeStatement(GrowthTable table, string probes) =>
        $"SELECT max(t.version) FROM {probes} AS p JOIN {table.Name} AS t ON {table.Layout.Join("t", "p")}";

    protected override async Task<(long TableBytes, long IndexBytes)> SizeOfAsync(string table, CancellationToken cancellationToken) =>
        (await DataSource.AskAsync($"SELECT pg_table_size('{table}')", null, cancellationToken),
            await DataSource.AskAsync($"SELECT pg_indexes_size('{table}')", null, cancellationToken));
}
