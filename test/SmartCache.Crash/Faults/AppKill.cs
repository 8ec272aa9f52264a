using SmartCache.Crash.Engines;
using SmartCache.Crash.Processes;

namespace SmartCache.Crash.Faults;

/// <summary>Processes of the app are killed, and new ones take their places.</summary>
internal sealed class AppKill(params int[] processes) : Fault
{
    public override string Name => $"{processes.Length} of the app's processes killed";

    public override int Kills => processes.Length;

    public override async Task StrikeAsync(CrashEngine engine, App app)
    {
        await Task.WhenAll(processes.Select(app.KillAsync));
        Array.ForEach(processes, app.Start);
    }
}
