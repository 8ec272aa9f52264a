using SmartCache.Crash.Engines;
using SmartCache.Crash.Faults;
using SmartCache.Crash.Processes;

namespace SmartCache.Crash.Clusters;

/// <summary>A node of the cluster is killed, stays away for a while, and joins again.</summary>
internal sealed class NodeKill(int number) : Fault
{
    /// <summary>Longer than the others take to find out.</summary>
    private static readonly TimeSpan Absence = TimeSpan.FromSeconds(10);

    public override string Name => $"node {number} killed";

    public override int Kills => 1;

    public override async Task StrikeAsync(CrashEngine engine, App app)
    {
        var cluster = (GaleraCrashEngine)engine;
        await cluster.Node(number).KillAsync();
        await Task.Delay(Absence);
        await cluster.Node(number).RestartAsync();
        await cluster.UntilReadyAsync(number);
    }
}
