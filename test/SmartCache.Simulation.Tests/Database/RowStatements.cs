using System.Text;

namespace SmartCache.Simulation;

/// <summary>The statements about one row, in memory, as docs/internals/writing-a-provider.md and the core's own texts define them.</summary>
internal sealed class RowStatements(RowTable rows, bool listsVersions, Flaw flaw)
{
    public Answer Execute(StatementKind kind, Arguments arguments) => kind switch
    {
        StatementKind.Read or StatementKind.BeginAndRead => Read(arguments.Key),
        StatementKind.ReadLifetime => rows.Find(arguments.Key) is { } row ? new Answer(0, Lifetime(row)) : new Answer(0),
        StatementKind.Insert => Insert(arguments),
        StatementKind.Upsert => Write(kind, arguments, arguments.Row()),
        StatementKind.Remove => Remove(arguments.Key),
        StatementKind.Touch => new Answer(Touch(arguments.Key, arguments["@first"], arguments["@last"]) ? 1 : 0),
        _ => Update(kind, arguments),
    };

    /// <summary>Moves the expiry forward, unless the row had expired at the first touch.</summary>
    public bool Touch(string key, long first, long last)
    {
        if (rows.Find(key) is not { SlidingMs: { } sliding } row || (first >= row.ExpiresAt && !flaw.HasFlag(Flaw.TouchesDead)))
            return false;

        var expires = Math.Min(last + sliding, row.AbsoluteAt ?? long.MaxValue);
        if (expires == row.ExpiresAt || (expires < row.ExpiresAt && !flaw.HasFlag(Flaw.TouchesBackward)))
            return false;

        if (!flaw.HasFlag(Flaw.LosesTouches))
            rows.Put(key, row with { ExpiresAt = expires }, StatementKind.Touch, first);

        return true;
    }

    public static object?[] Lifetime(Row row) => [row.ExpiresAt, row.SlidingMs, row.AbsoluteAt];

    public static object?[] Columns(Row row) => [row.Value.ToArray(), row.Format, row.Version, .. Lifetime(row)];

    public object?[] Versions(Row row) => listsVersions ? [row.RecentVersions?.ToArray()] : [];

    private Answer Read(string key) => rows.Find(key) is { } row ? new Answer(0, [[.. Columns(row), .. Versions(row)]]) : new Answer(0);

    private Answer Insert(Arguments arguments) =>
        rows.Find(arguments.Key) is { } row && row.ExpiresAt > arguments["@now"] && !flaw.HasFlag(Flaw.InsertsOverLive)
            ? new Answer(0)
            : Write(StatementKind.Insert, arguments, arguments.Row());

    private Answer Update(StatementKind kind, Arguments arguments)
    {
        var row = rows.Find(arguments.Key);
        if (row is null)
            return flaw.HasFlag(Flaw.RevivesRemoved) && kind == StatementKind.Update ? Write(kind, arguments, arguments.Row()) : new Answer(0);

        if (row.Version != arguments["@old_version"] && !flaw.HasFlag(Flaw.IgnoresVersion))
            return new Answer(0);

        return Write(kind, arguments, kind switch
        {
            StatementKind.Replace => arguments.ExpiryOver(arguments.ValueOver(row)),
            StatementKind.Update => Later(row, arguments.ExpiryOver(arguments.ValueOver(row))),
            StatementKind.UpdateValue => arguments.ValueOver(row),
            StatementKind.UpdateExpiry => Later(row, arguments.ExpiryOver(row)),
            _ => throw new InvalidOperationException($"{kind} is not a statement about one row."),
        });
    }

    /// <summary>Keeps an expiry that a touch has moved forward, if the rule is the same.</summary>
    private static Row Later(Row before, Row after) =>
        before.ExpiresAt > after.ExpiresAt && before.SlidingMs == after.SlidingMs && before.AbsoluteAt == after.AbsoluteAt
            ? after with { ExpiresAt = before.ExpiresAt }
            : after;

    private Answer Write(StatementKind kind, Arguments arguments, Row row)
    {
        if (flaw.HasFlag(Flaw.MineReplacesTheirs) && Actor.Current.Saves is { } mine)
        {
            row = row with { Value = mine };
        }

        if (flaw.HasFlag(Flaw.KeepsVersion) && rows.Find(arguments.Key) is { } before)
        {
            row = row with { Version = before.Version };
        }

        if (flaw.HasFlag(Flaw.ForgetsVersions))
        {
            row = row with { RecentVersions = null };
        }

        if (!flaw.HasFlag(Flaw.LosesSaves) || kind != StatementKind.Update)
            rows.Put(arguments.Key, row, kind, arguments.Now);

        return new Answer(1);
    }

    private Answer Remove(string key)
    {
        var existed = rows.Find(key) is not null;
        if (!flaw.HasFlag(Flaw.LosesRemovals))
            rows.Put(key, null, StatementKind.Remove, null);

        return new Answer(existed ? 1 : 0);
    }
}

/// <summary>A fault built into the simulated server, which the rules have to find. This checks the checker.</summary>
[Flags]
internal enum Flaw
{
    None = 0,

    /// <summary>A save replaces what the row holds, as if nothing had been merged.</summary>
    MineReplacesTheirs = 1,

    /// <summary>A guarded statement writes whatever the row's version is.</summary>
    IgnoresVersion = 2,

    /// <summary>A guarded statement brings back a row that was removed.</summary>
    RevivesRemoved = 4,

    /// <summary>An insert writes over a live row.</summary>
    InsertsOverLive = 8,

    /// <summary>The version stays as it was when the value changes.</summary>
    KeepsVersion = 16,

    /// <summary>A save is answered as if it had taken effect, but it has not.</summary>
    LosesSaves = 32,

    /// <summary>A touch makes a dead row live again.</summary>
    TouchesDead = 64,

    /// <summary>A touch takes back what a later one had moved forward.</summary>
    TouchesBackward = 128,

    /// <summary>Touches are answered as if they had taken effect, but they have not.</summary>
    LosesTouches = 256,

    /// <summary>Expired rows are removed before the grace period has passed.</summary>
    SweepsTooEarly = 512,

    /// <summary>Expired rows stay.</summary>
    NeverSweeps = 1024,

    /// <summary>A removal is answered as if it had taken effect, but it has not.</summary>
    LosesRemovals = 2048,

    /// <summary>The recent versions of a row are not kept.</summary>
    ForgetsVersions = 4096,

    /// <summary>Shared reads find what the node's last read found, as if they had joined that after it had been sent.</summary>
    JoinsSentReads = 8192,
}
