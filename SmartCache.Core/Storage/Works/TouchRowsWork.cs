using System.Globalization;
using System.Text;
using SmartCache.Expiration;

namespace SmartCache.Storage.Works;

/// <summary>Writes the accesses of many rows, given in key order; gives those that some lock kept from being written.</summary>
internal sealed class TouchRowsWork(StatementSet statements, IReadOnlyList<Touch> touches) : StoreWork<IReadOnlyList<Touch>>
{
    public override bool Writes => true;

    public override ValueTask<IReadOnlyList<Touch>> RunAsync(StoreConnection connection, bool async, CancellationToken cancellationToken) =>
        statements.TouchMany is { } touchMany && statements.FindUntouched is { } findUntouched
            ? TouchTogetherAsync(connection, touchMany, findUntouched, async, cancellationToken)
            : TouchOneByOneAsync(connection, async, cancellationToken);

    private async ValueTask<IReadOnlyList<Touch>> TouchOneByOneAsync(StoreConnection connection, bool async, CancellationToken cancellationToken)
    {
        foreach (var (key, first, last) in touches)
        {
            var arguments = new StatementArguments { Key = key, First = first, Last = last };
            await connection.ExecuteAsync(statements.Touch, arguments, async, cancellationToken).ConfigureAwait(false);
        }

        return [];
    }

    private async ValueTask<IReadOnlyList<Touch>> TouchTogetherAsync(
        StoreConnection connection, SqlStatement touchMany, SqlStatement findUntouched, bool async, CancellationToken cancellationToken)
    {
        var arguments = new StatementArguments { Touches = Json() };
        var affected = await connection.ExecuteAsync(touchMany, arguments, async, cancellationToken).ConfigureAwait(false);
        if (affected == touches.Count)
        {
            return [];
        }

        // A row that was not moved is gone, or has been moved as far already, or was locked: only then it waits on.
        var untouched = await connection.ListAsync(
            findUntouched, arguments, static row => row.GetInt32(0), async, cancellationToken).ConfigureAwait(false);
        return [.. untouched.Select(position => touches[position])];
    }

    private string Json()
    {
        var json = new StringBuilder("[", touches.Count * 128);
        foreach (var (key, first, last) in touches)
        {
            json.Append(json.Length == 1 ? "" : ",")
                .Append(CultureInfo.InvariantCulture, $"[{key.Crc},\"{Convert.ToHexString(key.Bytes)}\",{first},{last}]");
        }

        return json.Append(']').ToString();
    }
}
