using System.Globalization;

namespace SmartCache.Simulation;

/// <summary>One thing that an app does in a request.</summary>
internal sealed record Deed(DeedKind Kind, string Name = "", TimeSpan Time = default, int Place = 0)
{
    public override string ToString() => $"{Kind}{(Name.Length > 0 ? $" {Name}" : "")}{(Time > TimeSpan.Zero ? $" {Time.TotalSeconds} s" : "")}{(Kind == DeedKind.Count ? $" in place {Place}" : "")}";
}

/// <summary>What an app does in a request.</summary>
internal enum DeedKind
{
    Load,

    /// <summary>The synchronous look at a session that has not been loaded.</summary>
    LoadAtOnce,
    Set,
    Count,
    Remove,
    Clear,
    Commit,

    /// <summary>A commit whose caller may change its mind.</summary>
    CommitUnlessCancelled,

    /// <summary>The middleware runs anew in the same request.</summary>
    ExecuteAnew,
    Wait,
    SkipSave,
    ForceSave,
    SkipRefresh,
    Abandon,
}

/// <summary>
/// The entry that requests count in. Each counts in a decimal place of its own, so that the number tells how often each
/// has been counted.
/// </summary>
internal static class Counter
{
    public const string Name = "n";

    /// <summary>A <see cref="decimal"/> holds no more.</summary>
    public const int MaxPlaces = 28;

    public static decimal Of(IReadOnlyDictionary<string, string> entries) =>
        entries.TryGetValue(Name, out var text) ? decimal.Parse(text, CultureInfo.InvariantCulture) : 0;

    public static string Text(decimal number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>What one count in a place adds.</summary>
    public static decimal One(int place)
    {
        var one = 1m;
        for (var i = 0; i < place; i++)
        {
            one *= 10;
        }

        return one;
    }

    /// <summary>How often has been counted in a place.</summary>
    public static int Times(decimal number, int place) => (int)(decimal.Floor(number / One(place)) % 10);

    /// <summary>The places in which has been counted.</summary>
    public static IEnumerable<int> Places(decimal number) => Enumerable.Range(0, MaxPlaces).Where(place => Times(number, place) > 0);

    public static Dictionary<string, string> Without(IReadOnlyDictionary<string, string> entries) =>
        entries.Where(static entry => entry.Key != Name).ToDictionary(static entry => entry.Key, static entry => entry.Value);
}
