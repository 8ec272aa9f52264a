using System.Text;
using System.Text.Json;
using SmartCache.Primitives;

namespace SmartCache.Simulation;

/// <summary>The statements about many rows, in memory. They skip rows that others have locked.</summary>
internal sealed class ManyRowStatements(RowTable rows, RowStatements single, RowLocks locks, Flaw flaw)
{
    private const long Grace = 61_000;

    public Answer Read(Arguments arguments, Func<string, Row?> find) => new(
        0,
        [.. from one in arguments.Each
            let row = find(one.Key)
            where row is not null
            select (object?[])[.. RowStatements.Columns(row), single.Versions(row) is [var versions] ? versions : null, Encoding.UTF8.GetBytes(one.Key)]]);

    public Answer Update(Arguments arguments) =>
        Write(arguments, StatementKind.Update, one => !locks.IsLocked(one.Key) && rows.Find(one.Key)?.Version == one["@old_version"]);

    public Answer Insert(Arguments arguments) => Write(arguments, StatementKind.Insert, one => rows.Find(one.Key) is null);

    public Answer TouchMany(Arguments arguments) =>
        new(Touches(arguments).Count(touch => !locks.IsLocked(touch.Key) && single.Touch(touch.Key, touch.First, touch.Last)));

    public Answer FindTouched(Arguments arguments) => new(
        0,
        [.. from touch in Touches(arguments).Select((touch, position) => (touch.Key, Position: position))
            let row = rows.Find(touch.Key)
            where row is not null
            select (object?[])[touch.Position, .. RowStatements.Lifetime(row)]]);

    public Answer RemoveExpired(Arguments arguments)
    {
        var (from, to, before) = (arguments["@from_crc"], arguments["@to_crc"], arguments["@now"]);
        var latest = before + (flaw.HasFlag(Flaw.SweepsTooEarly) ? Grace + 30_000 : 0);
        var expired = flaw.HasFlag(Flaw.NeverSweeps) ? [] : rows.Keys
            .Where(key => CacheKey.From(key).Crc is var crc && crc >= from && crc <= to && rows.Find(key)!.ExpiresAt <= latest && !locks.IsLocked(key))
            .Take((int)arguments["@limit"])
            .ToList();
        expired.ForEach(key => rows.Put(key, null, StatementKind.RemoveExpired, before));
        return new Answer(expired.Count);
    }

    /// <summary>Strict isolation may fail the whole statement for one row that it cannot write.</summary>
    private Answer Write(Arguments arguments, StatementKind kind, Func<Arguments, bool> canWrite)
    {
        var each = arguments.Each;
        var written = each.Where(canWrite).ToList();
        if (written.Count < each.Count && World.Current.Setting.IsStrict && World.Current.Choices.Happens())
            throw new SimulatedFault("Another has changed a row.", isTransient: false) { IsConflict = true, IsLostRace = true };

        return new Answer(written.Sum(one => single.Execute(kind, one).Affected));
    }

    private static IEnumerable<(string Key, long First, long Last)> Touches(Arguments arguments) =>
        from touch in JsonDocument.Parse(arguments.Text("@touches")).RootElement.EnumerateArray()
        select (Encoding.UTF8.GetString(Convert.FromHexString(touch[1].GetString()!)), touch[2].GetInt64(), touch[3].GetInt64());
}
