using SmartCache.Crash.Engines;
using SmartCache.Crash.Processes;

namespace SmartCache.Crash.Faults;

/// <summary>The server closes all of the app's connections, again and again.</summary>
internal sealed class ConnectionKill : Fault
{
    private const int Times = 4;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);

    public override string Name => $"all connections killed, {Times} times";

    public override async Task StrikeAsync(CrashEngine engine, App app)
    {
        for (var time = 0; time < Times; time++)
        {
            await engine.CloseConnectionsAsync();
            await Task.Delay(Pause);
        }
    }
}
