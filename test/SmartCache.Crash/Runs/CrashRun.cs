using System.Diagnostics;
using SmartCache.Crash.Engines;
using SmartCache.Crash.Faults;
using SmartCache.Crash.Judging;
using SmartCache.Crash.Processes;
using SmartCache.Crash.Reports;

namespace SmartCache.Crash.Runs;

/// <summary>Has several processes store in sessions that they share, breaks things under their hands, and judges what is left.</summary>
internal static class CrashRun
{
    /// <summary>How long all goes well before the next fault.</summary>
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(1.5);

    public static async Task<CrashResult> RunAsync(string title, CrashEngine engine, CrashPlan plan)
    {
        var journals = Directory.CreateTempSubdirectory("smartcache-journals-");
        try
        {
            await using var app = new App(engine, journals.FullName, plan.Processes, plan.Workers);
            app.Start();
            await app.UntilAllStoreAsync();

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
            return new FaultRecord(fault.Name, fault.Kills, broken, await app.UntilAllStoreAsync());
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
        var silences = new Silences();
        var journals = Evidence.Journals(folder);
        foreach (var (worker, journal) in journals)
        {
            judge.Hear(journal);
            silences.Hear(worker.Split('.')[0], journal);
        }

        await using var connection = await engine.OpenAsync();
        var verdict = judge.Decide(await Evidence.RowsAsync(connection));
        CrashReport.SaveStories(title, verdict, journals.SelectMany(journal => journal.Journal, (journal, claim) => (journal.Worker, claim)));
        return new CrashResult(
            title, duration, plan.Processes, plan.Workers, faults, verdict, silences.Longest, await engine.FindDamageAsync());
    }
}
