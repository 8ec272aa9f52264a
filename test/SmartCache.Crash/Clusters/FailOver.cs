using SmartCache.Crash.Engines;
using SmartCache.Crash.Faults;
using SmartCache.Crash.Processes;

namespace SmartCache.Crash.Clusters;

/// <summary>The primary is killed, and its standby promoted.</summary>
/// <param name="lag">How long the standby has got nothing from the primary by then.</param>
internal sealed class FailOver(TimeSpan lag) : Fault
{
    public override string Name => "the primary killed, the standby promoted";

    public override int Kills => 1;

    public override async Task StrikeAsync(CrashEngine engine, App app)
    {
        var pair = (PairCrashEngine)engine;
        if (lag > TimeSpan.Zero)
        {
            await pair.DisconnectStandbyAsync();
            await Task.Delay(lag);
        }

        await pair.FailOverAsync();
    }
}
