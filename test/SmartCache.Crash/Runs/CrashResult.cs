using SmartCache.Crash.Judging;

namespace SmartCache.Crash.Runs;

/// <summary>What came of a run.</summary>
/// <param name="Title">What it ran on.</param>
/// <param name="Duration">How long stores were sent.</param>
/// <param name="Processes">How many processes the app had.</param>
/// <param name="Workers">How many requests each had under way at a time.</param>
/// <param name="Faults">What broke.</param>
/// <param name="Verdict">What the judge found.</param>
/// <param name="LongestSilence">The longest time between two acknowledged stores of one process.</param>
/// <param name="Damage">What the database's own check found wrong.</param>
internal sealed record CrashResult(
    string Title,
    TimeSpan Duration,
    int Processes,
    int Workers,
    IReadOnlyList<FaultRecord> Faults,
    Verdict Verdict,
    TimeSpan LongestSilence,
    IReadOnlyList<string> Damage);
