using System.Globalization;

namespace SmartCache.Simulation;

/// <summary>A step of an app in a request.</summary>
internal sealed record Deed(DeedKind Kind, string Name = "", TimeSpan Time = default, int Place = 0)
{
    public override string ToString() => $"{Kind}{(Name.Length > 0 ? $" {Name}" : "")}{(Time > TimeSpan.Zero ? $" {Time.TotalSeconds} s" : "")}{(Kind == DeedKind.Count ? $" in place {Place}" : "")}";
}

/// <summary>The kinds of steps of an app in a request.</summary>
internal enum DeedKind
{
    Load,

    /// <summary>A synchronous load, by the first look at the session.</summary>
    LoadAtOnce,
    Set,
    Count,
    Remove,
    Clear,
    Commit,

    /// <summary>A commit that its caller may cancel.</summary>
    CommitUnlessCancelled,

    /// <summary>The middleware runs again in the same request.</summary>
    ExecuteAnew,
    Wait,
    SkipSave,
    ForceSave,
    SkipRefresh,
    Abandon,
}

/// <summary>
/// The entry in which requests count. Each counts in a decimal place of its own, so that the number tells how often each
/// count is in it.
/// </summary>
internal static class Counter
{
    public const string Name = "n";

    /// <summary>A <see cref="decimal"/> has no more places.</summary>
    public const int MaxPlaces = 28;

    public static decimal Of(IReadOnlyDictionary<string, string> entries) =>
        entries.TryGetValue(Name, out var text) ? decimal.Parse(text, CultureInfo.InvariantCulture) : 0;

    public static string Text(decimal number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>What one count in a place adds.</summary>
    public static decimal One(int place)
    {
        var one = 1m;
        for (var i = 0; i < place; i++)
            one *= 10;

        return one;
    }

    /// <summary>How often a place was counted.</summary>
    public static int Times(decimal number, int place) => (int)(decimal.Floor(number / One(place)) % 10);

    /// <summary>The places that were counted.</summary>
    public static IEnumerable<int> Places(decimal number) => Enumerable.Range(0, MaxPlaces).Where(place => Times(number, place) > 0);

    public static Dictionary<string, string> Without(IReadOnlyDictionary<string, string> entries) =>
        entries.Where(static entry => entry.Key != Name).ToDictionary(static entry => entry.Key, static entry => entry.Value);
}
