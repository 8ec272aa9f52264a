using System.Globalization;
using SmartCache.Crash.Engines;
using SmartCache.Crash.Faults;

namespace SmartCache.Crash.Runs;

/// <summary>How long a run goes on, and what happens in it.</summary>
/// <param name="Duration">How long at least; null for one round.</param>
/// <param name="Processes">How many processes the app has.</param>
/// <param name="Workers">How many requests each has under way at a time.</param>
internal sealed record CrashPlan(TimeSpan? Duration, int Processes, int Workers)
{
    private const string Variable = "SMARTCACHE_CRASH_MINUTES";
    private const int LeastLongRounds = 3;

    /// <summary>As the environment asks: one round, or as many as a number of minutes holds.</summary>
    public static CrashPlan FromEnvironment() => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } minutes
        ? new CrashPlan(TimeSpan.FromMinutes(double.Parse(minutes, CultureInfo.InvariantCulture)), Processes: 3, Workers: 6)
        : new CrashPlan(null, Processes: 2, Workers: 4);

    /// <summary>Room, in bytes, for what a run stores and the database's log of it.</summary>
    public long DiskSize => Duration is null ? 600_000_000 : 3_000_000_000;

    /// <summary>Whether there is another round after so many, so much time having passed.</summary>
    public bool GoesOn(int rounds, TimeSpan elapsed) => rounds == 0 || (Duration is { } all && (rounds < LeastLongRounds || elapsed < all));

    /// <summary>What happens in a round.</summary>
    public Func<CrashEngine, IEnumerable<Fault>> Round { get; init; } = OneOfEach;

    private static IEnumerable<Fault> OneOfEach(CrashEngine engine)
    {
        yield return new AppKill(1);
        if (engine.Server is null)
        {
            yield return new AppKill(0, 1);
        }
        else
        {
            yield return new ConnectionKill();
            yield return new ServerKill();
        }

        if (engine.Disk is not null)
        {
            yield return new FullDisk();
        }

        yield return new AppKill(0);
        if (engine.Server is not null)
        {
            yield return new ServerKill();
        }
    }
}
