using System.Globalization;
using SmartCache.Connections;
using SmartCache.Payloads;
using SmartCache.Primitives;
using SmartCache.Rows;
using SmartCache.Sessions;
using SmartCache.Sql;
using SmartCache.Sweeping;
using SmartCache.Touches;
using static SmartCache.Core.Tests.Sessions.Payloads;

namespace SmartCache.Core.Tests.Sessions;

/// <summary>One line of the decision table of a store.</summary>
/// <remarks>
/// A session is written with its id before it: <c>1: a=1 b=2</c>; an id of <c>?</c> is one nobody had before.
/// </remarks>
internal sealed record CommitDecision(
    string Base, string Row, string Mine, string Flags, MergeAction Action, string Value, string Expiry, CommitOutcome Outcome)
{
    public static CommitDecision Parse(string line)
    {
        var cells = line.Split('|').Select(cell => cell.Trim()).ToArray();
        return new(cells[0], cells[1], cells[2], cells[3], Enum.Parse<MergeAction>(cells[4]), cells[5], cells[6], Enum.Parse<CommitOutcome>(cells[7]));
    }

    public CommitScene Scene()
    {
        var scene = new CommitScene
        {
            Base = SessionOf(Base),
            Mine = SessionOf(Mine) ?? throw new FormatException($"A store without a payload: {this}"),
            Force = Flags.Contains("force", StringComparison.Ordinal),
            KeepExpiry = Flags.Contains("keep", StringComparison.Ordinal),
        };
        scene.Options.RemovedDuringRequest =
            Flags.Contains("recreate", StringComparison.Ordinal) ? RemovedSessionPolicy.Recreate : RemovedSessionPolicy.Discard;
        return scene;
    }

    /// <summary>The row of the line: a lifetime, and what the value is.</summary>
    public CacheRow? RowRead()
    {
        if (Row == "none")
        {
            return null;
        }

        var words = Row.Split(' ', 2);
        var lifetime = words[0] switch
        {
            "live" => CommitScene.Live,
            "dead" => CommitScene.Dead,
            "ruled" => CommitScene.Live with { SlidingMs = 1_000 },
            "plain" => CommitScene.Live,
            "plain-dead" => CommitScene.Dead,
            _ => throw new FormatException(Row),
        };
        var row = words[1] switch
        {
            "opaque" => new CacheRow("any bytes"u8.ToArray(), RowFormat.Opaque, CommitScene.RowVersion, lifetime),
            "damaged" => new CacheRow(Session("a=1 b=2").Array[..^1], RowFormat.Session, CommitScene.RowVersion, lifetime),
            var session => CommitScene.Row(SessionOf(session)!, lifetime),
        };
        return row with { IsUnderPlainKey = words[0].StartsWith("plain", StringComparison.Ordinal) };
    }

    public Lifetime? ExpiryWritten => Expiry switch
    {
        "given" => CommitScene.Given,
        "row's" => RowRead()!.Lifetime,
        "" => null,
        _ => throw new FormatException(Expiry),
    };

    /// <summary>A payload as the table spells it.</summary>
    public string Spell(SessionPayload payload)
    {
        var id = payload.Id[0].ToString(CultureInfo.InvariantCulture);
        var isKnown = payload.Id.ToArray().Distinct().Count() == 1
            && new[] { Base, Row, Mine }.Any(cell => cell.Contains($"{id}:", StringComparison.Ordinal));
        return $"{(isKnown ? id : "?")}: {Text(payload)}".TrimEnd();
    }

    public override string ToString() => $"base {Base}; row {Row}; mine {Mine}; {(Flags.Length == 0 ? "no flags" : Flags)}";

    private static SessionPayload? SessionOf(string cell)
    {
        if (cell == "none")
        {
            return null;
        }

        var parts = cell.Split(':');
        return Session(byte.Parse(parts[0], CultureInfo.InvariantCulture), parts[1].Trim());
    }
}
