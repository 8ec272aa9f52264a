using System.Data;
using System.Data.Common;
using System.Globalization;
using System.Text;
using Dapper;
using SmartCache.Engines;
using SmartCache.Primitives;

namespace SmartCache.Benchmarks;

/// <summary>A contender's table. Tidy does at once what the engine does some time after many updates.</summary>
internal sealed class SessionTable(BenchmarkEngine engine, ContenderName contender, TableLayout layout, string? preparation, string? tidy) : SessionStore
{
    private readonly DbDataSource _dataSource = engine.CreateDataSource(contender.Kind);

    // Its connections are its own, so that nobody can watch them; what the process writes includes them.
    public override IReadOnlyList<string> Uncounted => contender.Kind == ContenderName.NeoSmart ? ["statements", "begin, commit", "rows written"] : [];

    public override Contender Create() => engine.Create(contender);

    public override ValueTask<Counts> CountsAsync(CancellationToken cancellationToken) => engine.CountAsync(cancellationToken);

    public override ValueTask<long?> CountConnectionsAsync(CancellationToken cancellationToken) => engine.CountConnectionsAsync(cancellationToken);

    public override async Task FillAsync(Population population, CancellationToken cancellationToken)
    {
        foreach (var statement in new[] { preparation, $"DROP TABLE IF EXISTS {layout.Name}", layout.CreateScript }.OfType<string>())
            await _dataSource.RunAsync(statement, cancellationToken);

        var random = new Random(3);
        var now = Clock.Now;
        foreach (var keys in population.Keys.Chunk(1_000))
        {
            await using var connection = await _dataSource.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            foreach (var few in keys.Chunk(50))
            {
                // One statement for each 50 rows: filling would otherwise take as long as measuring.
                var values = new DynamicParameters(new { expires = now + SlidingMs, sliding = SlidingMs, now });
                var rows = few.Select((key, i) =>
                {
                    values.Add($"key{i}", layout.Key(key));
                    values.Add($"crc{i}", (long)CacheKey.From(key).Crc);
                    values.Add($"value{i}", population.Payload.Create(random));
                    values.Add($"version{i}", random.NextInt64());
                    return string.Format(CultureInfo.InvariantCulture, layout.Row, i);
                });
                await connection.ExecuteAsync($"INSERT INTO {layout.Name} ({layout.Columns}) VALUES {string.Join(", ", rows)}", values, transaction);
            }

            await transaction.CommitAsync(cancellationToken);
        }
    }

    public override async Task<long> FreshenAsync(CancellationToken cancellationToken)
    {
        var now = Clock.Now;
        await _dataSource.RunAsync($"UPDATE {layout.Name} SET {layout.Freshen}", new { expires = now + SlidingMs }, cancellationToken);
        if (tidy is not null)
            await _dataSource.RunAsync(string.Format(CultureInfo.InvariantCulture, tidy, layout.Name), cancellationToken);

        return now;
    }

    public override Task<long> CountAsync(CancellationToken cancellationToken) => _dataSource.AskAsync($"SELECT COUNT(*) FROM {layout.Name}", null, cancellationToken);

    public override Task<int> RemoveNewAsync(CancellationToken cancellationToken) => _dataSource.RunAsync(
        $"DELETE FROM {layout.Name} WHERE SUBSTR({layout.KeyColumn}, {SessionKeys.MarkPosition}, 1) = @mark",
        new { mark = layout.Key($"{SessionKeys.New}") },
        cancellationToken);

    public override async Task<(byte[] Value, long ExpiresAt)?> ReadAsync(string key, CancellationToken cancellationToken)
    {
        await using var connection = await _dataSource.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<(byte[] Value, long ExpiresAt)>(
            $"SELECT value, {layout.ExpiresAt} FROM {layout.Name} WHERE {layout.IsThisKey}", new { key = layout.Key(key), crc = (long)CacheKey.From(key).Crc });
        return rows.Cast<(byte[], long)?>().SingleOrDefault();
    }

    public override ValueTask DisposeAsync() => _dataSource.DisposeAsync();
}

/// <summary>What a contender's table looks like.</summary>
/// <param name="Name">Its name.</param>
/// <param name="CreateScript">Creates it.</param>
/// <param name="Columns">The columns that seeding fills.</param>
/// <param name="Row">Their values, for a row of the number {0}.</param>
/// <param name="Freshen">Sets the expiry to @expires less up to a minute, evenly spread if the contender cares.</param>
/// <param name="IsThisKey">The condition under which a row is found by the table's own index.</param>
/// <param name="Key">The value of the key's column.</param>
internal sealed record TableLayout(string Name, string CreateScript, string Columns, string Row, string Freshen, string IsThisKey, Func<string, object> Key)
{
    public string KeyColumn { get; private init; } = "cache_key";

    /// <summary>The expiry in UTC Unix milliseconds.</summary>
    public string ExpiresAt { get; private init; } = "expires_at";

    /// <summary>The table that NeoSmart's cache makes itself. Its moments are in ticks since the year 1.</summary>
    public static TableLayout NeoSmart { get; } = new(
        "cache",
        """
        CREATE TABLE cache (key varchar NOT NULL, value BLOB, expiry INTEGER, renewal INTEGER, PRIMARY KEY (key)) WITHOUT ROWID;
        CREATE INDEX cache_expiry ON cache (expiry);
        CREATE TABLE IF NOT EXISTS meta (key TEXT NOT NULL, value INTEGER, PRIMARY KEY (key)) WITHOUT ROWID;
        INSERT OR IGNORE INTO meta (key, value) VALUES ('version', 1), ('created', 0)
        """,
        "key, value, expiry, renewal",
        $"(@key{{0}}, @value{{0}}, @expires * 10000 + {UnixEpoch}, @sliding * 10000)",
        $"expiry = (@expires - 60000) * 10000 + {UnixEpoch}",
        "key = @key",
        static key => key)
    {
        KeyColumn = "key",
        ExpiresAt = $"(expiry - {UnixEpoch}) / 10000",
    };

    private const string UnixEpoch = "621355968000000000";

    /// <summary>SmartCache's table, which the floor has too.</summary>
    public static TableLayout Smart(string name, string createScript) => new(
        name,
        createScript,
        "key_crc32, cache_key, value, format, version, expires_at, sliding_ms, created_at, updated_at",
        "(@crc{0}, @key{0}, @value{0}, 1, @version{0}, @expires, @sliding, @now, @now)",
        "expires_at = @expires - key_crc32 % 60000",
        "key_crc32 = @crc AND cache_key = @key",
        Encoding.UTF8.GetBytes);

    /// <summary>The table of a cache as they are commonly written. It writes an expiry whenever it is asked to, wherever that was before.</summary>
    public static TableLayout Baseline(LastWriterWinsSql sql) => new(
        LastWriterWinsSql.TableName,
        sql.CreateTable,
        "cache_key, expires_at, sliding_ms, value",
        "(@key{0}, @expires, @sliding, @value{0})",
        "expires_at = @expires - 60000",
        "cache_key = @key",
        static key => key);
}

/// <summary>Statements that are run once, and may take minutes.</summary>
internal static class Statements
{
    // A table is filled, or a long log folded, while other programs use the disk too.
    private const int TimeoutSeconds = 1_800;

    public static Task<int> RunAsync(this DbDataSource source, string text, CancellationToken cancellationToken) =>
        source.RunAsync(text, null, cancellationToken);

    public static async Task<int> RunAsync(this DbDataSource source, string text, object? values, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        return await connection.RunAsync(text, values, cancellationToken);
    }

    public static Task<int> RunAsync(this DbConnection connection, string text, object? values, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(Command(text, values, cancellationToken));

    public static async Task<long> AskAsync(this DbDataSource source, string text, object? values, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<long>(Command(text, values, cancellationToken));
    }

    private static CommandDefinition Command(string text, object? values, CancellationToken cancellationToken) =>
        new(text, values, commandTimeout: TimeoutSeconds, commandType: CommandType.Text, cancellationToken: cancellationToken);
}

internal static class Clock
{
    public static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
}
