using System.Collections.Concurrent;
using System.Globalization;
using SmartCache.Simulation.Scheduling;

namespace SmartCache.Simulation;

/// <summary>
/// Schedules drawn by lot, one after the other from seed 1, or from <c>SMARTCACHE_SIMULATION_FIRST</c>: as many as
/// <c>SMARTCACHE_SIMULATION_SCHEDULES</c> says, or as there is time for; or the one of <c>SMARTCACHE_SIMULATION_SEED</c>,
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
        {
            TestContext.Out.WriteLine($"{broken}: {violation}");
        }

        if (!_violations.IsEmpty)
        {
            Assert.Fail(RandomSchedule.Explain(_violations.Keys.Min()));
        }
    }

    private void Work()
    {
        while (Interlocked.Increment(ref _seed) is var seed && IsWanted(seed))
        {
            if (RandomSchedule.Run(seed) is { } violation)
            {
                _violations.TryAdd(seed, violation);
            }

            Interlocked.Increment(ref _schedules);
        }
    }

    private bool IsWanted(int seed) =>
        _violations.Count < ViolationsThatSuffice
        && (Numbers.Schedules is { } wanted ? seed - Numbers.First < wanted : seed - Numbers.First < AtLeast || _watch.Elapsed < About);
}
