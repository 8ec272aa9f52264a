using System.Data.Common;
using Microsoft.Data.Sqlite;
using RaceLab.Contenders;
using SmartCache.Sqlite;

namespace RaceLab.Engines.Sqlite;

/// <summary>SQLite: one file in a temporary folder, a table for each cache, the same settings on every connection.</summary>
internal sealed class SqliteEngine : LabEngine
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("smartcache-racelab-");
    private readonly TracedSqliteDataSource _lastWriterWins;
    private readonly TracedSqliteDataSource _smartCache;
    private string _version = "";

    public SqliteEngine()
    {
        Location = Path.Combine(_folder.FullName, "sessions.db");
        _lastWriterWins = Source(pooling: true);

        // SmartCache holds its connections itself.
        _smartCache = Source(pooling: false);
    }

    public override string Description => $"SQLite {_version} (WAL, synchronous=FULL)";

    public override string Location { get; }

    public override string Registration => """builder.Services.AddSmartSqliteCache("Data Source=sessions.db");""";

    public override string HowCounted =>
        """
        Counted by SQLite itself on every connection of either cache (sqlite3_profile, sqlite3_update_hook),
        while the requests run. A statement tried again because the file was busy counts again. A single
        statement is a transaction without saying so. Pragmas that set up a connection are left out.
        """;

    protected override DbDataSource LastWriterWinsSource => _lastWriterWins;

    protected override LastWriterWinsSql LastWriterWinsSql { get; } = new(KeyType: "TEXT", ValueType: "BLOB");

    public override async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await using (var connection = await _lastWriterWins.OpenConnectionAsync(cancellationToken))
        {
            await using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA journal_mode = WAL";
            await command.ExecuteNonQueryAsync(cancellationToken);
            _version = connection.ServerVersion;
        }

        await base.PrepareAsync(cancellationToken);
    }

    public override ValueTask<DatabaseCounts> CountAsync(CacheKind kind, CancellationToken cancellationToken) =>
        new((kind == CacheKind.SmartCache ? _smartCache : _lastWriterWins).Trace.Counts);

    public override async ValueTask DisposeAsync()
    {
        await _lastWriterWins.DisposeAsync();
        await _smartCache.DisposeAsync();
        SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }

    protected override void AddSmartCache(IServiceCollection services) =>
        services.AddSmartSqliteCache(options =>
        {
            options.DataSource = _smartCache;
            options.Synchronous = SqliteSynchronous.Full;
        });

    private TracedSqliteDataSource Source(bool pooling) =>
        new(new SqliteConnectionStringBuilder { DataSource = Location, Pooling = pooling }.ToString());
}
