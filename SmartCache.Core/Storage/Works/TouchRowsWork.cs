using System.Data.Common;
using System.Globalization;
using System.Text;
using SmartCache.Expiration;

namespace SmartCache.Storage.Works;

/// <summary>Writes the accesses of many rows, given in key order.</summary>
internal sealed class TouchRowsWork(StatementSet statements, IReadOnlyList<Touch> touches) : StoreWork<TouchOutcome>
{
    public override bool Writes => true;

    /// <summary>Where keys are hashed, the row may stand under its hash or still under the key.</summary>
    private int KeysOfATouch => statements.HashesKeys ? 2 : 1;

    public override ValueTask<TouchOutcome> RunAsync(StoreConnection connection, bool async, CancellationToken cancellationToken) =>
        statements.TouchMany is { } touchMany && statements.FindTouched is { } findTouched
            ? TouchTogetherAsync(connection, touchMany, findTouched, async, cancellationToken)
            : TouchOneByOneAsync(connection, async, cancellationToken);

    private async ValueTask<TouchOutcome> TouchOneByOneAsync(StoreConnection connection, bool async, CancellationToken cancellationToken)
    {
        var outcome = new TouchOutcome();
        foreach (var touch in touches)
        {
            var arguments = new StatementArguments { Key = touch.Key, First = touch.First, Last = touch.Last };
            var moved = await connection.ExecuteAsync(statements.Touch, in arguments, async, cancellationToken).ConfigureAwait(false);
            if (moved > 0 && touch.IsOfUnseenRow)
            {
                var lifetime = await connection.QueryAsync(
                    statements.ReadLifetime, in arguments, default(Lifetime), static (_, row) => RowColumns.Lifetime(row, 0), async, cancellationToken).ConfigureAwait(false);
                outcome.Add(touch, lifetime);
            }
        }

        return outcome;
    }

    /// <summary>
    /// A row that was not moved is gone, or has been moved as far already, or was locked: only then it waits on. Of a
    /// row that nobody here has seen, its lifetime is worth another statement: from then on it has a rhythm.
    /// </summary>
    private async ValueTask<TouchOutcome> TouchTogetherAsync(
        StoreConnection connection, SqlStatement touchMany, SqlStatement findTouched, bool async, CancellationToken cancellationToken)
    {
        var arguments = new StatementArguments { Touches = Json() };
        var moved = await connection.ExecuteAsync(touchMany, in arguments, async, cancellationToken).ConfigureAwait(false);
        return moved == touches.Count && !touches.Any(static touch => touch.IsOfUnseenRow)
            ? new TouchOutcome()
            : await connection.QueryAsync(findTouched, in arguments, new TouchOutcome(), Add, async, cancellationToken).ConfigureAwait(false);
    }

    private TouchOutcome Add(TouchOutcome outcome, DbDataReader row)
    {
        outcome.Add(touches[row.GetInt32(0) / KeysOfATouch], RowColumns.Lifetime(row, 1));
        return outcome;
    }

    private string Json()
    {
        var json = new StringBuilder("[", touches.Count * 128);
        foreach (var (key, first, last) in touches)
        {
            Add(json, key.Crc, key.Bytes, first, last);
            if (statements.HashesKeys)
            {
                Add(json, key.PlainCrc, key.PlainBytes, first, last);
            }
        }

        return json.Append(']').ToString();
    }

    private static void Add(StringBuilder json, uint crc, byte[] key, long first, long last) =>
        json.Append(json.Length == 1 ? "" : ",")
            .Append(CultureInfo.InvariantCulture, $"[{crc},\"{Convert.ToHexString(key)}\",{first},{last}]");
}
