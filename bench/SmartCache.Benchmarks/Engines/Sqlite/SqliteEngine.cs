using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using RaceLab.Contenders;
using SmartCache.Benchmarks.Contenders;
using SmartCache.Benchmarks.Floor;
using SmartCache.Benchmarks.Tables;
using SmartCache.Sqlite;

namespace SmartCache.Benchmarks.Engines.Sqlite;

/// <summary>SQLite: a file for each contender in a temporary folder, all with a write-ahead log.</summary>
internal sealed class SqliteEngine : BenchmarkEngine
{
    private const string ProcessIo = "/proc/self/io";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("smartcache-bench-");

    public override string Description { get; } = $"SQLite {new SqliteConnection().ServerVersion} (WAL, synchronous=FULL)";

    public override string HowCounted =>
        """
        Counted by SQLite itself on every connection (sqlite3_trace_v2, sqlite3_update_hook), pragmas left out. Log B is
        what the whole process wrote (wchar of /proc/self/io): log, database file and all.
        """;

    protected override LastWriterWinsSql BaselineSql { get; } = new(KeyType: "TEXT", ValueType: "BLOB");

    public override DbDataSource CreateDataSource() => Source(ContenderNames.SmartCache, pooling: false, isTraced: false);

    public override SmartCacheOptions OptionsFor(string table) => new SmartSqliteCacheOptions { TableName = table };

    public override ValueTask<Counts> CountAsync(CancellationToken cancellationToken) =>
        new(new Counts(SqliteTrace.Statements, SqliteTrace.TransactionControl, SqliteTrace.RowsWritten, WrittenBytes(), Pings: 0));

    public override SessionTable OpenTable(string contender)
    {
        // The file keeps it: all contenders have the same log.
        using (var connection = Source(contender, pooling: false, isTraced: false).OpenConnection())
        {
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA journal_mode = WAL";
            command.ExecuteNonQuery();
        }

        return new SessionTable(Source(contender, pooling: false, isTraced: false), LayoutOf(contender), tidy: "PRAGMA wal_checkpoint(TRUNCATE)");
    }

    public override ValueTask DisposeAsync()
    {
        SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
        return default;
    }

    protected override void AddSmartCache(IServiceCollection services, Action<SmartCacheOptions> configure) =>
        services.AddSmartSqliteCache(options =>
        {
            options.DataSource = Source(ContenderNames.SmartCache, pooling: false, isTraced: true);
            options.TableName = SmartCacheTable;
            configure(options);
        });

    protected override FloorConnections CreateFloor() =>
        new HeldConnections(Source(ContenderNames.Floor, pooling: false, isTraced: true), hasOneWriter: true);

    protected override Contender CreateBaseline()
    {
        var source = Source(ContenderNames.Baseline, pooling: true, isTraced: true);
        return new CacheContender(new LastWriterWinsCache(source, BaselineSql, TimeProvider.System), source);
    }

    private static long WrittenBytes() => !File.Exists(ProcessIo) ? 0 :
        long.Parse(File.ReadLines(ProcessIo).First(line => line.StartsWith("wchar:", StringComparison.Ordinal)).AsSpan(6), CultureInfo.InvariantCulture);

    private SqliteDataSource Source(string contender, bool pooling, bool isTraced) => new(
        new SqliteConnectionStringBuilder { DataSource = Path.Combine(_folder.FullName, $"{contender}.db"), Pooling = pooling }.ToString(), isTraced);
}
