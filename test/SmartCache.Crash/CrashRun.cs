using System.Diagnostics;
using System.Globalization;

namespace SmartCache.Crash;

/// <summary>Several processes save in sessions that they share while faults strike. Then the judge decides.</summary>
internal static class CrashRun
{
    /// <summary>The time without faults before the next one.</summary>
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(1.5);

    public static async Task<CrashResult> RunAsync(string title, CrashEngine engine, CrashPlan plan)
    {
        var journals = Directory.CreateTempSubdirectory("smartcache-journals-");
        try
        {
            await using var app = new App(engine, journals.FullName, plan.Processes, plan.Workers);
            app.Start();
            await app.UntilAllSaveAsync();

            var begin = Stopwatch.GetTimestamp();
            var faults = new List<FaultRecord>();
            for (var round = 0; plan.GoesOn(round, Stopwatch.GetElapsedTime(begin)); round++)
            {
                foreach (var fault in plan.Round(engine))
                {
                    await Task.Delay(Calm);
                    faults.Add(await StrikeAsync(fault, engine, app));
                }
            }

            await Task.Delay(Calm);
            var duration = Stopwatch.GetElapsedTime(begin);
            await app.StopAsync();
            return await JudgeAsync(title, engine, plan, journals.FullName, faults, duration);
        }
        finally
        {
            journals.Delete(recursive: true);
        }
    }

    private static async Task<FaultRecord> StrikeAsync(Fault fault, CrashEngine engine, App app)
    {
        var begin = Stopwatch.GetTimestamp();
        await fault.StrikeAsync(engine, app);
        var broken = Stopwatch.GetElapsedTime(begin);
        try
        {
            return new FaultRecord(fault.Name, fault.Kills, broken, await app.UntilAllSaveAsync());
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"After this fault: {fault.Name}. {exception.Message}", exception);
        }
    }

    private static async Task<CrashResult> JudgeAsync(
        string title, CrashEngine engine, CrashPlan plan, string folder, IReadOnlyList<FaultRecord> faults, TimeSpan duration)
    {
        var judge = new Judge();
        var journals = Evidence.Journals(folder);
        foreach (var (_, journal) in journals)
            judge.Hear(journal);

        await using var connection = await engine.Database.OpenAsync();
        var verdict = judge.Decide(await Evidence.RowsAsync(connection));
        CrashReport.SaveStories(title, verdict, journals.SelectMany(journal => journal.Journal, (journal, claim) => (journal.Worker, claim)));
        return new CrashResult(
            title, duration, plan.Processes, plan.Workers, faults, verdict, Evidence.LongestSilences(journals), await engine.FindDamageAsync());
    }
}

/// <summary>The shortest duration of a run (null for one round), and what happens in it. A process has a request under way for each worker.</summary>
internal sealed record CrashPlan(TimeSpan? Duration, int Processes, int Workers)
{
    private const string Variable = "SMARTCACHE_CRASH_MINUTES";
    private const int LeastLongRounds = 3;
    private const int FewVisits = 5;
    private const int VisitsPerMinute = 40;

    /// <summary>As the environment asks: one round, or rounds for a number of minutes.</summary>
    public static CrashPlan FromEnvironment() => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } minutes
        ? new CrashPlan(TimeSpan.FromMinutes(double.Parse(minutes, CultureInfo.InvariantCulture)), Processes: 3, Workers: 6)
        : new CrashPlan(null, Processes: 2, Workers: 4);

    /// <summary>Whether the disk runs full. That needs root, and only the variable leaves it out.</summary>
    public static bool FillsDisk => Environment.GetEnvironmentVariable("SMARTCACHE_FULL_DISK") != "0";

    /// <summary>The rounds of the run that a browser sees.</summary>
    public int Visits => Duration is { } all ? (int)(all.TotalMinutes * VisitsPerMinute) : FewVisits;

    /// <summary>The size of the disk in bytes: enough for what a run saves and for the database's log. Null if the disk does not run full.</summary>
    public long? DiskSize => !FillsDisk ? null : Duration is null ? 600_000_000 : 3_000_000_000;

    /// <summary>Whether there is another round, after a number of rounds and some time.</summary>
    public bool GoesOn(int rounds, TimeSpan elapsed) => rounds == 0 || (Duration is { } all && (rounds < LeastLongRounds || elapsed < all));

    /// <summary>The faults of a round.</summary>
    public Func<CrashEngine, IEnumerable<Fault>> Round { get; init; } = OneOfEach;

    private static IEnumerable<Fault> OneOfEach(CrashEngine engine)
    {
        yield return new AppKill(1);
        if (engine.Database.Server is null)
        {
            yield return new AppKill(0, 1);
        }
        else
        {
            yield return new ConnectionKill();
            yield return new ServerKill();
        }

        if (engine.Database.Disk is not null)
            yield return new FullDisk();

        yield return new AppKill(0);
        if (engine.Database.Server is not null)
            yield return new ServerKill();
    }
}

/// <summary>The result of a run. The longest silence of a process is the longest time between two acknowledged saves.</summary>
internal sealed record CrashResult(
    string Title,
    TimeSpan Duration,
    int Processes,
    int Workers,
    IReadOnlyList<FaultRecord> Faults,
    Verdict Verdict,
    IReadOnlyDictionary<string, TimeSpan> LongestSilences,
    IReadOnlyList<string> Damage);

/// <summary>A fault: how long it took until all was whole again, and from then until saves succeeded again in the process where that took longest.</summary>
internal sealed record FaultRecord(string Name, int Kills, TimeSpan Broken, TimeSpan Recovery);
