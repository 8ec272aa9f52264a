using System.Data;
using System.Data.Common;
using System.Globalization;

namespace SmartCache.Benchmarks.Requests;

/// <summary>A contender's table as the benchmark sees it: filled before, put in order between cells, looked at after.</summary>
/// <param name="dataSource">Connections that no contender has.</param>
/// <param name="layout">The table.</param>
/// <param name="preparation">What is said to a new database; null for nothing.</param>
/// <param name="tidy">What the engine does after many updates, so that it does not do it while something is measured.</param>
internal sealed class SessionTable(DbDataSource dataSource, TableLayout layout, string? preparation, string? tidy) : IAsyncDisposable
{
    private const int RowsPerStatement = 50;
    private static readonly long SlidingMs = (long)CacheContender.IdleTimeout.TotalMilliseconds;

    private readonly string _isNew = $"SUBSTR(cache_key, {SessionKeys.MarkPosition}, 1) = @mark";

    /// <summary>Makes the table anew, with every session of the population in it.</summary>
    public async Task FillAsync(Population population, CancellationToken cancellationToken)
    {
        if (preparation is not null)
        {
            await RunAsync(preparation, [], cancellationToken);
        }

        await RunAsync($"DROP TABLE IF EXISTS {layout.Name}", [], cancellationToken);
        await RunAsync(layout.CreateScript, [], cancellationToken);
        var random = new Random(3);
        var now = Now();
        foreach (var keys in population.Keys.Chunk(RowsPerStatement * 20))
        {
            await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            foreach (var few in keys.Chunk(RowsPerStatement))
            {
                await using var command = connection.CreateCommand();
                command.Transaction = transaction;
                AddRows(command, [.. few.Select(key => layout.Row(key, population.Payload.Create(random), now, SlidingMs))]);
                await command.ExecuteNonQueryAsync(cancellationToken);
            }

            await transaction.CommitAsync(cancellationToken);
        }
    }

    /// <summary>
    /// Gives every session the age it has in the midst of steady traffic: last access known to its row in the last
    /// minute, evenly spread. Without it, no access would be due to be written for a minute, and later all of them.
    /// </summary>
    /// <returns>When, in UTC Unix milliseconds: no row expires later than an idle timeout after that.</returns>
    public async Task<long> FreshenAsync(CancellationToken cancellationToken)
    {
        var now = Now();
        await RunAsync(
            $"UPDATE {layout.Name} SET expires_at = @expires_at - {layout.Spread}", [("@expires_at", DbType.Int64, now + SlidingMs)], cancellationToken);
        if (tidy is not null)
        {
            await RunAsync(string.Format(CultureInfo.InvariantCulture, tidy, layout.Name), [], cancellationToken);
        }

        return now;
    }

    public async Task<long> CountAsync(CancellationToken cancellationToken) =>
        Convert.ToInt64(await AskAsync($"SELECT COUNT(*) FROM {layout.Name}", [], cancellationToken), CultureInfo.InvariantCulture);

    /// <summary>Removes the sessions that were not there from the start, and tells how many.</summary>
    public async Task<long> RemoveNewAsync(CancellationToken cancellationToken)
    {
        var mark = layout.KeyType == DbType.Binary ? (object)new[] { (byte)SessionKeys.New } : SessionKeys.New.ToString();
        return await RunAsync($"DELETE FROM {layout.Name} WHERE {_isNew}", [("@mark", layout.KeyType, mark)], cancellationToken);
    }

    /// <summary>A row's value and expiry; null if there is none.</summary>
    public async Task<(byte[] Value, long ExpiresAt)?> ReadAsync(string key, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var command = SqlText.Command(connection, $"SELECT value, expires_at FROM {layout.Name} WHERE {layout.IsThisKey}", layout.Find(key));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? (reader.GetFieldValue<byte[]>(0), reader.GetInt64(1)) : null;
    }

    public ValueTask DisposeAsync() => dataSource.DisposeAsync();

    private static long Now() => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    private void AddRows(DbCommand command, object[][] rows)
    {
        var values = rows.Select((row, i) => $"({string.Join(", ", row.Select((_, j) => $"@p{i}_{j}"))})");
        command.CommandText = $"INSERT INTO {layout.Name} ({string.Join(", ", layout.Columns.Select(column => column.Name))}) VALUES {string.Join(", ", values)}";
        foreach (var (i, row) in rows.Index())
        {
            foreach (var (j, value) in row.Index())
            {
                SqlText.Add(command, $"@p{i}_{j}", layout.Columns[j].Type).Value = value;
            }
        }
    }

    private async Task<int> RunAsync(string text, (string, DbType, object)[] values, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var command = SqlText.Command(connection, text, values);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<object?> AskAsync(string text, (string, DbType, object)[] values, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var command = SqlText.Command(connection, text, values);
        return await command.ExecuteScalarAsync(cancellationToken);
    }
}

/// <summary>Statements that are run once, and may take minutes.</summary>
internal static class SqlText
{
    // A table is filled, or a long log folded, while other programs use the disk too.
    private const int Patience = 1_800;

    public static async Task<int> RunAsync(DbConnection connection, string text, (string, DbType, object)[] values, CancellationToken cancellationToken)
    {
        await using var command = SqlText.Command(connection, text, values);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public static DbCommand Command(DbConnection connection, string text, (string Name, DbType Type, object Value)[] values)
    {
        var command = connection.CreateCommand();
        command.CommandText = text;
        command.CommandTimeout = Patience;
        foreach (var (name, type, value) in values)
        {
            Add(command, name, type).Value = value;
        }

        return command;
    }

    public static DbParameter Add(DbCommand command, string name, DbType type)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.DbType = type;
        command.Parameters.Add(parameter);
        return parameter;
    }
}
