using SmartCache.Simulation.Database;
using SmartCache.Simulation.Scheduling;

namespace SmartCache.Simulation;

/// <summary>Whether the rules find what they are there for: with a fault built into the simulated server a schedule breaks one soon.</summary>
public sealed class FlawTests
{
    private const int Schedules = 3_000;

    [TestCase(nameof(Flaw.MineReplacesTheirs), "NothingComesFromNowhere")]
    [TestCase(nameof(Flaw.IgnoresVersion), "NothingComesFromNowhere")]
    [TestCase(nameof(Flaw.RevivesRemoved), "RemovedSessionsStayRemoved")]
    [TestCase(nameof(Flaw.InsertsOverLive), "")]
    [TestCase(nameof(Flaw.KeepsVersion), "NothingComesFromNowhere")]
    [TestCase(nameof(Flaw.LosesStores), "AcknowledgedStoresLast")]
    [TestCase(nameof(Flaw.ForgetsVersions), "CountsAreExact")]
    [TestCase(nameof(Flaw.TouchesDead), "NobodyLivesTooLong")]
    [TestCase(nameof(Flaw.TouchesBackward), "NobodyDiesTooEarly")]
    [TestCase(nameof(Flaw.LosesTouches), "NobodyDiesTooEarly")]
    [TestCase(nameof(Flaw.SweepsTooEarly), "NobodyDiesTooEarly")]
    [TestCase(nameof(Flaw.NeverSweeps), "never removed")]
    [TestCase(nameof(Flaw.LosesRemovals), "RemovedSessionsStayRemoved")]
    public void A_flaw_of_the_server_is_found(string flaw, string expected)
    {
        var built = Enum.Parse<Flaw>(flaw);
        var found = SimulationThread.Run(() => Enumerable.Range(1, Schedules)
            .Select(seed => (Seed: seed, Violation: RandomSchedule.Run(seed, built)))
            .FirstOrDefault(schedule => schedule.Violation?.Contains(expected, StringComparison.Ordinal) == true));

        Assert.That(found.Violation, Is.Not.Null, $"None of {Schedules} schedules shows it.");
        TestContext.Out.WriteLine($"Seed {found.Seed}: {found.Violation}");
    }
}
