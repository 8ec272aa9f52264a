using System.Data;
using System.Data.Common;
using System.Globalization;
using System.Text;
using Dapper;
using SmartCache.Engines;
using SmartCache.Primitives;

namespace SmartCache.Benchmarks;

/// <summary>
/// A contender's table as the benchmark sees it, on connections that no contender has: filled before, put in order between
/// cells, looked at after. Tidy does at once what the engine does some time after many updates.
/// </summary>
internal sealed class SessionTable(DbDataSource dataSource, TableLayout layout, string? preparation, string? tidy) : IAsyncDisposable
{
    public static readonly long SlidingMs = (long)CacheContender.IdleTimeout.TotalMilliseconds;

    /// <summary>Creates the table anew, with every session of the population in it.</summary>
    public async Task FillAsync(Population population, CancellationToken cancellationToken)
    {
        foreach (var statement in new[] { preparation, $"DROP TABLE IF EXISTS {layout.Name}", layout.CreateScript }.OfType<string>())
            await dataSource.RunAsync(statement, cancellationToken);

        var random = new Random(3);
        var now = Clock.Now;
        foreach (var keys in population.Keys.Chunk(1_000))
        {
            await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
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

    /// <summary>
    /// Gives every session the age that it has in steady traffic: the last touch in its row lies in the last minute, evenly
    /// spread. Without it, no touch would be due for a minute, and later all of them.
    /// </summary>
    /// <returns>When, in UTC Unix milliseconds: no row expires later than an idle timeout after that.</returns>
    public async Task<long> FreshenAsync(CancellationToken cancellationToken)
    {
        var now = Clock.Now;
        await dataSource.RunAsync($"UPDATE {layout.Name} SET expires_at = @expires - {layout.Spread}", new { expires = now + SlidingMs }, cancellationToken);
        if (tidy is not null)
            await dataSource.RunAsync(string.Format(CultureInfo.InvariantCulture, tidy, layout.Name), cancellationToken);

        return now;
    }

    public Task<long> CountAsync(CancellationToken cancellationToken) => dataSource.AskAsync($"SELECT COUNT(*) FROM {layout.Name}", null, cancellationToken);

    /// <summary>Removes the sessions that were not there from the start, and tells how many.</summary>
    public Task<int> RemoveNewAsync(CancellationToken cancellationToken) => dataSource.RunAsync(
        $"DELETE FROM {layout.Name} WHERE SUBSTR(cache_key, {SessionKeys.MarkPosition}, 1) = @mark",
        new { mark = layout.Key($"{SessionKeys.New}") },
        cancellationToken);

    /// <summary>A row's value and expiry; null if there is none.</summary>
    public async Task<(byte[] Value, long ExpiresAt)?> ReadAsync(string key, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<(byte[] Value, long ExpiresAt)>(
            $"SELECT value, expires_at FROM {layout.Name} WHERE {layout.IsThisKey}", new { key = layout.Key(key), crc = (long)CacheKey.From(key).Crc });
        return rows.Cast<(byte[], long)?>().SingleOrDefault();
    }

    public ValueTask DisposeAsync() => dataSource.DisposeAsync();
}

/// <summary>A contender's table. The key, the value and the expiry have the same names in all.</summary>
/// <param name="Name">Its name.</param>
/// <param name="CreateScript">Creates it.</param>
/// <param name="Columns">The columns that seeding fills.</param>
/// <param name="Row">Their values, for a row of the number {0}.</param>
/// <param name="Spread">An expression that spreads rows evenly from 0 to 59,999.</param>
/// <param name="IsThisKey">The condition under which a row is found by the table's own index.</param>
/// <param name="Key">The value of the key's column.</param>
internal sealed record TableLayout(string Name, string CreateScript, string Columns, string Row, string Spread, string IsThisKey, Func<string, object> Key)
{
    /// <summary>SmartCache's table, which the floor has too.</summary>
    public static TableLayout Smart(string name, string createScript) => new(
        name,
        createScript,
        "key_crc32, cache_key, value, format, version, expires_at, sliding_ms, created_at, updated_at",
        "(@crc{0}, @key{0}, @value{0}, 1, @version{0}, @expires, @sliding, @now, @now)",
        "key_crc32 % 60000",
        "key_crc32 = @crc AND cache_key = @key",
        Encoding.UTF8.GetBytes);

    /// <summary>The table of a cache as they are commonly written. It writes an expiry whenever it is asked to, wherever that was before.</summary>
    public static TableLayout Baseline(LastWriterWinsSql sql) => new(
        LastWriterWinsSql.TableName,
        sql.CreateTable,
        "cache_key, expires_at, sliding_ms, value",
        "(@key{0}, @expires, @sliding, @value{0})",
        "60000",
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
