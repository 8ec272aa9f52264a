using System.Collections.Concurrent;
using System.Globalization;

namespace SmartCache.Simulation;

/// <summary>
/// Random schedules, one after the other from seed 1, or from <c>SMARTCACHE_SIMULATION_FIRST</c>: as many as
/// <c>SMARTCACHE_SIMULATION_SCHEDULES</c> says, or as fit into the time; or the one of <c>SMARTCACHE_SIMULATION_SEED</c>,
/// with every step of it.
/// </summary>
public sealed class RandomScheduleTests
{
    private const int AtLeast = 5_000;
    private const int ViolationsThatSuffice = 20;
    private static readonly TimeSpan About = TimeSpan.FromSeconds(8);

    private readonly ConcurrentDictionary<int, string> _violations = [];
    private readonly System.Diagnostics.Stopwatch _watch = System.Diagnostics.Stopwatch.StartNew();
    private int _seed = Numbers.First - 1;
    private int _schedules;

    [Test]
    public void Every_schedule_keeps_the_rules()
    {
        if (Numbers.Seed is { } seed)
        {
            TestContext.Out.WriteLine(RandomSchedule.Explain(seed));
            Assert.That(SimulationThread.Run(() => RandomSchedule.Run(seed)), Is.Null);
            return;
        }

        var threads = Enumerable.Range(0, System.Environment.ProcessorCount).Select(_ => new Thread(Work)).ToList();
        threads.ForEach(static thread => thread.Start());
        threads.ForEach(static thread => thread.Join());

        TestContext.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{_schedules} schedules from seed {Numbers.First}, {_violations.Count} violations, {_watch.Elapsed.TotalSeconds:F1} s"));
        foreach (var (broken, violation) in _violations.OrderBy(static violation => violation.Key))
            TestContext.Out.WriteLine($"{broken}: {violation}");

        if (!_violations.IsEmpty)
            Assert.Fail(RandomSchedule.Explain(_violations.Keys.Min()));
    }

    private void Work()
    {
        while (Interlocked.Increment(ref _seed) is var seed && IsWanted(seed))
        {
            if (RandomSchedule.Run(seed) is { } violation)
                _violations.TryAdd(seed, violation);

            Interlocked.Increment(ref _schedules);
        }
    }

    private bool IsWanted(int seed) =>
        _violations.Count < ViolationsThatSuffice
        && (Numbers.Schedules is { } wanted ? seed - Numbers.First < wanted : seed - Numbers.First < AtLeast || _watch.Elapsed < About);
}

/// <summary>A seed is useful only if it gives the same schedule again.</summary>
public sealed class DeterminismTests
{
    [Test]
    public void A_seed_gives_the_same_schedule_step_by_step()
    {
        for (var seed = 1; seed <= 200; seed++)
        {
            var first = RandomSchedule.Explain(seed);
            Assert.That(RandomSchedule.Explain(seed), Is.EqualTo(first));
        }
    }
}

/// <summary>A schedule in which everything is random, and follows from its seed.</summary>
internal static class RandomSchedule
{
    private const int LinesShown = 400;

    /// <summary>Runs the schedule of a seed.</summary>
    /// <returns>What went wrong; null if nothing did.</returns>
    public static string? Run(int seed, Flaw flaw = Flaw.None) => Run(seed, flaw, new Trace(isOn: false));

    /// <summary>Runs it again, and tells what went wrong and how.</summary>
    public static string Explain(int seed, Flaw flaw = Flaw.None)
    {
        var trace = new Trace(isOn: true);
        var violation = SimulationThread.Run(() => Run(seed, flaw, trace));
        var workload = Draw(seed, flaw);
        return string.Join('\n', [
            string.Create(CultureInfo.InvariantCulture, $"SMARTCACHE_SIMULATION_SEED={seed}: {violation ?? "all rules were kept"}"),
            $"{workload.Setting}, clocks ahead by {string.Join(", ", workload.Setting.Clocks)}",
            .. workload.Before.Concat(workload.Plans).Select(static plan => plan.ToString()),
            .. trace.Lines.Take(LinesShown)]);
    }

    /// <summary>Runs it again, and returns its steps.</summary>
    public static IReadOnlyList<string> Trace(int seed)
    {
        var trace = new Trace(isOn: true);
        SimulationThread.Run(() => Run(seed, Flaw.None, trace));
        return trace.Lines;
    }

    private static string? Run(int seed, Flaw flaw, Trace trace)
    {
        var workload = Draw(seed, flaw);
        var choices = new RandomChoices(new System.Random(~seed), workload.Setting.Misfortunes, workload.Setting.IsSlow);
        try
        {
            return new Schedule(workload, choices, seed, trace).Run();
        }
        catch (Exception exception)
        {
            return $"An exception that no caller should see: {exception}";
        }
    }

    private static Workload Draw(int seed, Flaw flaw) => new RandomWorkload(new System.Random(seed)).Draw(flaw);
}

/// <summary>The environment variables for a run by hand.</summary>
internal static class Numbers
{
    /// <summary>How many random schedules run.</summary>
    public static int? Schedules => Number("SMARTCACHE_SIMULATION_SCHEDULES");

    /// <summary>The seed of the first of them.</summary>
    public static int First => Number("SMARTCACHE_SIMULATION_FIRST") ?? 1;

    /// <summary>The one schedule to run.</summary>
    public static int? Seed => Number("SMARTCACHE_SIMULATION_SEED");

    /// <summary>How many more interruptions than usual are tried.</summary>
    public static int Depth => Number("SMARTCACHE_SIMULATION_DEPTH") ?? 0;

    private static int? Number(string variable) =>
        System.Environment.GetEnvironmentVariable(variable) is { Length: > 0 } set ? int.Parse(set, CultureInfo.InvariantCulture) : null;
}
