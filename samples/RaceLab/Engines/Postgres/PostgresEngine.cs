using System.Data.Common;
using Npgsql;
using RaceLab.CommandLine;
using RaceLab.Contenders;

namespace RaceLab.Engines.Postgres;

/// <summary>PostgreSQL: statements are counted where the server does (pg_stat_statements), else transactions.</summary>
internal sealed class PostgresEngine : ServerEngine
{
    private readonly NpgsqlDataSource _lastWriterWins;
    private readonly NpgsqlDataSource _smartCache;
    private readonly string _connectionString;
    private PostgresCounter? _counter;

    /// <exception cref="UsageException">It is not a connection string of Npgsql.</exception>
    public PostgresEngine(string connectionString)
    {
        try
        {
            _connectionString = new NpgsqlConnectionStringBuilder(connectionString) { ApplicationName = PostgresCounter.ApplicationName }.ToString();
            _lastWriterWins = NpgsqlDataSource.Create(_connectionString);
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            throw new UsageException($"--connection is not a connection string of Npgsql: {exception.Message}");
        }

        // What SmartCache makes of the connection string itself.
        _smartCache = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(_connectionString)
        {
            NoResetOnClose = true,
            MaxAutoPrepare = 30,
            AutoPrepareMinUsages = 2,
        });
    }

    public override string Description => $"PostgreSQL {Counting.ServerVersion}, {Counter.Title}";

    public override string Registration => """builder.Services.AddSmartPostgresCache("Host=localhost;Database=shop;Username=shop;Password=…");""";

    public override string HowCounted =>
        $"""
        {Counter.HowCounted}
        Last writer wins is on the connection string as it is given: Npgsql then resets a connection that it takes from
        its pool again, as for any cache on such a string. SmartCache, given the same string, holds its own open.
        """;

    protected override DbDataSource LastWriterWinsSource => _lastWriterWins;

    protected override LastWriterWinsSql LastWriterWinsSql { get; } = new(KeyType: "TEXT", ValueType: "BYTEA");

    private PostgresCounter Counter => _counter ?? throw new InvalidOperationException("The engine is not prepared.");

    public override async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await base.PrepareAsync(cancellationToken);
        var counting = (NpgsqlConnection)Counting;
        _counter = await PostgresStatements.FindAsync(counting, cancellationToken);
        if (_counter is null && counting.PostgreSqlVersion.Major < PostgresTransactions.OldestVersion)
        {
            throw new UsageException($"--connection leads to PostgreSQL {counting.ServerVersion} without pg_stat_statements; without it {PostgresTransactions.OldestVersion} is needed.");
        }

        _counter ??= new PostgresTransactions(counting, [_lastWriterWins, _smartCache]);
    }

    public override ValueTask<DatabaseCounts> CountAsync(CacheKind kind, CancellationToken cancellationToken) =>
        Counter.CountAsync(
            own: kind == CacheKind.SmartCache ? SmartCacheTable : LastWriterWinsSql.TableName,
            other: kind == CacheKind.SmartCache ? LastWriterWinsSql.TableName : SmartCacheTable,
            cancellationToken);

    public override async ValueTask DisposeAsync()
    {
        if (_counter is not null)
        {
            await _counter.DisposeAsync();
        }

        await _smartCache.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override void AddSmartCache(IServiceCollection services) =>
        services.AddSmartPostgresCache(options =>
        {
            // Only a pool of the lab's own can be closed from here.
            if (Counter.ClosesConnections)
            {
                options.DataSource = _smartCache;
            }
            else
            {
                options.ConnectionString = _connectionString;
            }

            options.TableName = SmartCacheTable;
        });
}
