using System.Globalization;
using System.Text;
using SmartCache.Connections;
using SmartCache.Sql;

namespace SmartCache.Rows;

/// <summary>What the database said about the touches it was given.</summary>
internal sealed class TouchOutcome
{
    /// <summary>Touches that a lock kept from being written: they would still move their row's expiry.</summary>
    public HashSet<Touch> Locked { get; } = [];

    /// <summary>The lifetimes of rows that were unknown to this node, after the touch.</summary>
    public List<(Touch Touch, Lifetime Lifetime)> Learned { get; } = [];

    /// <summary>Takes in what a row's columns say after the touch.</summary>
    public void Add(Touch touch, Lifetime lifetime)
    {
        if (lifetime.Touched(touch.Span) != lifetime)
            Locked.Add(touch);
        else if (touch.IsOfUnknownRow && lifetime is { IsFixed: false } && lifetime.IsLiveAt(touch.Span.Last))
            Learned.Add((touch, lifetime));
    }
}

/// <summary>Writes many touches, given in key order.</summary>
internal static class TouchRows
{
    public static ValueTask<TouchOutcome> WriteAsync(StoreConnection connection, RowStatements statements, IReadOnlyList<Touch> touches) =>
        statements.TouchMany is { } touchMany && statements.FindTouched is { } findTouched
            ? WriteTogetherAsync(connection, touchMany, findTouched, touches, statements.HashesKeys)
            : WriteOneByOneAsync(connection, statements, touches);

    private static async ValueTask<TouchOutcome> WriteOneByOneAsync(StoreConnection connection, RowStatements statements, IReadOnlyList<Touch> touches)
    {
        var outcome = new TouchOutcome();
        foreach (var touch in touches)
        {
            var values = new SqlValues { Key = touch.Key, Span = touch.Span };
            var moved = await statements.Touch.ExecuteAsync(connection, in values).ConfigureAwait(false);
            if (moved > 0 && touch.IsOfUnknownRow)
            {
                outcome.Add(touch, await statements.ReadLifetime.QueryAsync(
                    connection, in values, default(Lifetime), static (_, row) => Row.ReadLifetime(row, 0)).ConfigureAwait(false));
            }
        }

        return outcome;
    }

    /// <summary>
    /// A row that was not moved is gone, has been moved as far already, or was locked: only in the last case its touch waits on. The
    /// lifetime of an unknown row is worth another statement: from then on its touches have a rhythm.
    /// </summary>
    private static async ValueTask<TouchOutcome> WriteTogetherAsync(
        StoreConnection connection, SqlStatement touchMany, SqlStatement findTouched, IReadOnlyList<Touch> touches, bool hashesKeys)
    {
        var values = new SqlValues { Touches = Json(touches, hashesKeys) };
        var moved = await touchMany.ExecuteAsync(connection, in values).ConfigureAwait(false);
        if (moved == touches.Count && !touches.Any(static touch => touch.IsOfUnknownRow))
            return new TouchOutcome();

        // If keys are hashed, the row of a touch may have the hash or still the plain key.
        var keysOfATouch = hashesKeys ? 2 : 1;
        return await findTouched.QueryAsync(connection, in values, new TouchOutcome(), (outcome, row) =>
        {
            outcome.Add(touches[row.GetInt32(0) / keysOfATouch], Row.ReadLifetime(row, 1));
            return outcome;
        }).ConfigureAwait(false);
    }

    private static string Json(IReadOnlyList<Touch> touches, bool hashesKeys)
    {
        var json = new StringBuilder("[", touches.Count * 128);
        foreach (var (key, span) in touches)
        {
            Add(json, key.Crc, key.Bytes, span);
            if (hashesKeys)
                Add(json, key.PlainCrc, key.PlainBytes, span);
        }

        return json.Append(']').ToString();
    }

    private static void Add(StringBuilder json, uint crc, byte[] key, TouchSpan span) =>
        json.Append(json.Length == 1 ? "" : ",")
            .Append(CultureInfo.InvariantCulture, $"[{crc},\"{Convert.ToHexString(key)}\",{span.First},{span.Last}]");
}
