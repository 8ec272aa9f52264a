using System.Globalization;
using SmartCache.Payloads;
using SmartCache.Primitives;
using SmartCache.Rows;
using SmartCache.Sessions;

namespace SmartCache.Core.Tests.Sessions;

/// <summary>One line of the decision table of a save.</summary>
/// <remarks>
/// A session is written with its id before it: <c>1: a=1 b=2</c>; an id of <c>?</c> is one nobody had before.
/// </remarks>
internal sealed record SaveDecisionLine(
    string Base, string RowText, string Mine, string Flags, string Action, string Value, string Expiry, SaveOutcome Outcome)
{
    public static SaveDecisionLine Parse(string line)
    {
        var cells = line.Split('|').Select(cell => cell.Trim()).ToArray();
        return new(cells[0], cells[1], cells[2], cells[3], cells[4], cells[5], cells[6], Enum.Parse<SaveOutcome>(cells[7]));
    }

    public SaveScene Scene()
    {
        var scene = new SaveScene
        {
            Base = SessionOf(Base),
            Mine = SessionOf(Mine) ?? throw new FormatException($"A save without a payload: {this}"),
            Force = Flags.Contains("force", StringComparison.Ordinal),
            KeepExpiry = Flags.Contains("keep", StringComparison.Ordinal),
        };
        scene.Options.RemovedDuringRequest =
            Flags.Contains("recreate", StringComparison.Ordinal) ? RemovedSessionPolicy.Recreate : RemovedSessionPolicy.Discard;
        return scene;
    }

    /// <summary>The row of the line: a lifetime, and what the value is.</summary>
    public Row? RowRead()
    {
        if (RowText == "none")
            return null;

        var words = RowText.Split(' ', 2);
        var lifetime = words[0] switch
        {
            "live" => SaveScene.Live,
            "dead" => SaveScene.Dead,
            "ruled" => SaveScene.Live with { SlidingMs = 1_000 },
            "plain" => SaveScene.Live,
            "plain-dead" => SaveScene.Dead,
            _ => throw new FormatException(RowText),
        };
        var row = words[1] switch
        {
            "opaque" => SaveScene.RowOf("any bytes"u8.ToArray(), RowFormat.Opaque, lifetime),
            "damaged" => SaveScene.RowOf(Session("a=1 b=2").Array[..^1], RowFormat.Session, lifetime),
            var session => SaveScene.Row(SessionOf(session)!, lifetime),
        };
        return row with { IsUnderPlainKey = words[0].StartsWith("plain", StringComparison.Ordinal) };
    }

    public Lifetime? ExpiryWritten => Expiry switch
    {
        "given" => SaveScene.Given,
        "row's" => RowRead()!.Stored,
        "" => null,
        _ => throw new FormatException(Expiry),
    };

    /// <summary>A payload as the table spells it.</summary>
    public string Spell(SessionPayload payload)
    {
        var id = payload.Id[0].ToString(CultureInfo.InvariantCulture);
        var isKnown = payload.Id.ToArray().Distinct().Count() == 1
            && new[] { Base, RowText, Mine }.Any(cell => cell.Contains($"{id}:", StringComparison.Ordinal));
        return $"{(isKnown ? id : "?")}: {Text(payload)}".TrimEnd();
    }

    /// <summary>What a write is called in the table.</summary>
    public static string ActionOf(RowWrite? write) => write switch
    {
        null => "None",
        { Inserts: true } => "Insert",
        { IsNewLife: true } => "Replace",
        { Value: null } => "UpdateExpiry",
        { Lifetime: null } => "UpdateValue",
        _ => "Update",
    };

    public override string ToString() => $"base {Base}; row {RowText}; mine {Mine}; {(Flags.Length == 0 ? "no flags" : Flags)}";

    private static SessionPayload? SessionOf(string cell)
    {
        if (cell == "none")
            return null;

        var parts = cell.Split(':');
        return Session(byte.Parse(parts[0], CultureInfo.InvariantCulture), parts[1].Trim());
    }
}
