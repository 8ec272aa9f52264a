using SmartCache.Simulation.Database;
using SmartCache.Simulation.Scheduling;

namespace SmartCache.Simulation;

/// <summary>What the schedules are there for does happen in them.</summary>
public sealed class CoverageTests
{
    private const int Schedules = 1_000;

    private static readonly string[] Expected =
    [
        .. Enum.GetValues<StatementKind>().Where(static kind => kind != StatementKind.Create).Select(static kind => $": sends {kind}"),
        .. Enum.GetValues<Fate>().Where(static fate => fate != Fate.Fine).Select(static fate => $": meets with {fate}"),
        ": goes on", "its line: begins", "its line: sends Update", "its line: sends BeginAndRead", "its line: is answered Update and commit: 1",
        ": is answered Insert: 0", ": is answered Update: 0", ": is answered Update and commit: 0", "row: Replace", "row: RemoveExpired",
        "server: late Update", "server: late Remove", "server: late Touch", "server: notices a lost connection",
        "caller: changes its mind", "killer: begins", "commit: failed", "load: failed", "logout: failed",
        "so many stores followed that nobody can tell",
        "was discarded: the session was removed", "Accesses could not be written", "Expired rows could not be removed",
    ];

    [Test]
    public void Everything_that_is_simulated_happens()
    {
        var missing = Expected.ToHashSet();
        for (var seed = 1; seed <= Schedules && missing.Count > 0; seed++)
        {
            var trace = RandomSchedule.Trace(seed);
            missing.RemoveWhere(part => trace.Any(line => line.Contains(part, StringComparison.Ordinal)));
        }

        Assert.That(missing, Is.Empty, $"not in {Schedules} schedules");
    }
}
