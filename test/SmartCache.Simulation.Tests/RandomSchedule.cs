using System.Globalization;
using SmartCache.Simulation.Choices;
using SmartCache.Simulation.Database;
using SmartCache.Simulation.Scheduling;
using SmartCache.Simulation.Workloads;

namespace SmartCache.Simulation;

/// <summary>Everything in it is drawn by lot, and the lots by its seed.</summary>
internal static class RandomSchedule
{
    private const int LinesShown = 400;

    /// <summary>Runs the schedule of a seed.</summary>
    /// <returns>What went wrong; null if nothing did.</returns>
    public static string? Run(int seed, Flaw flaw = Flaw.None) => Run(seed, flaw, new Trace(isOn: false));

    /// <summary>Runs it again for the reader: what went wrong, and how it came to it.</summary>
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

    /// <summary>Runs it again for what happens in it.</summary>
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
            return $"Nobody was to see this exception: {exception}";
        }
    }

    private static Workload Draw(int seed, Flaw flaw) => new RandomWorkload(new System.Random(seed)).Draw(flaw);
}
