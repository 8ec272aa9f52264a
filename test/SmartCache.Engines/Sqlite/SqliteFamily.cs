using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SmartCache.Sqlite;

namespace SmartCache.Engines;

/// <summary>SQLite, which runs in the caller's process. Statements are counted on each connection.</summary>
internal sealed class SqliteFamily : EngineFamily
{
    public override string Title => "SQLite";
    public override string Dialect => "sqlite";
    public override DbProviderFactory Driver => SqliteFactory.Instance;
    public override string Registration => """builder.Services.AddSmartSqliteCache("Data Source=sessions.db");""";
    public override LastWriterWinsSql LastWriterWins { get; } = new(KeyType: "TEXT", ValueType: "BLOB");
    public override string Preparation => "PRAGMA journal_mode = WAL";
    public override string Tidy => "PRAGMA wal_checkpoint(TRUNCATE)";

    public override IServiceCollection AddCache(IServiceCollection services, Action<SmartCacheOptions> configure, string? key = null) =>
        key is null ? services.AddSmartSqliteCache(configure) : services.AddKeyedSmartSqliteCache(key, configure);

    public override IServiceCollection AddCache(IServiceCollection services, IConfiguration section, string? key = null) =>
        key is null ? services.AddSmartSqliteCache(section) : services.AddKeyedSmartSqliteCache(key, section);

    public override string CreateTableScript(string table) => new SmartSqliteCacheOptions { TableName = table }.CreateTableScript();

    public override Task<StatementCounter> OpenCounterAsync(string connectionString, CounterOptions options, CancellationToken cancellationToken) =>
        Task.FromResult<StatementCounter>(new TraceCounter());

    public override Task<StatementAccount> OpenAccountAsync(string connectionString) => Task.FromResult<StatementAccount>(new TraceAccount(connectionString));

    public override async Task<List<string>> FindDamageAsync(Database database, string table) =>
        [.. (await database.ListAsync("PRAGMA integrity_check")).Where(row => row != "ok")];

    public override void ClearPools() => SqliteConnection.ClearAllPools();

    public override SqlClient Client(string connectionString) =>
        new(Dialect, null, null, [new SqliteConnectionStringBuilder(connectionString).DataSource], new Dictionary<string, string>());

    private sealed class TraceCounter : StatementCounter
    {
        private const string ProcessIo = "/proc/self/io";

        private readonly SqliteTrace _trace = new();

        public override string Version { get; } = $"{new SqliteConnection().ServerVersion} (WAL, synchronous=FULL)";

        public override string HowCounted =>
            """
            Counted by SQLite itself on every connection (sqlite3_trace_v2, sqlite3_update_hook) while the requests run, pragmas
            left out. A statement tried again because the file was busy counts again. A single statement is a transaction without
            saying so. Log B is what the whole process wrote (wchar of /proc/self/io): log, database file and all.
            """;

        public override DbDataSource CreateDataSource(string connectionString) => new TracedSqlite(connectionString, _trace);

        // SmartCache keeps its connections open itself.
        public override void Connect(SmartCacheOptions options, string connectionString) => options.DataSource = CreateDataSource($"{connectionString};Pooling=False");

        public override ValueTask<Counts> CountAsync(CancellationToken cancellationToken) => new(_trace.Counts with { LogBytes = WrittenBytes() });

        public override ValueTask DisposeAsync() => default;

        private static long WrittenBytes() => !File.Exists(ProcessIo) ? 0 :
            long.Parse(File.ReadLines(ProcessIo).First(line => line.StartsWith("wchar:", StringComparison.Ordinal)).AsSpan(6), CultureInfo.InvariantCulture);
    }

    private sealed class TraceAccount(string connectionString) : StatementAccount
    {
        private readonly TracedSqlite _source = new(connectionString);

        public override long? RoundTrips => null;

        public override void Connect(SmartCacheOptions options) => (options.ConnectionString, options.DataSource) = (null, _source);

        public override IReadOnlyList<string> Take() => [.. _source.TakeAll().Select(Verb)];

        public override ValueTask DisposeAsync() => _source.DisposeAsync();
    }
}
