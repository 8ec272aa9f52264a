using SmartCache.Crash.Engines;
using SmartCache.Crash.Processes;

namespace SmartCache.Crash.Faults;

/// <summary>The server's processes are killed, and it is started again on what it has left.</summary>
internal sealed class ServerKill : Fault
{
    public override string Name => "the server killed";

    public override int Kills => 1;

    public override async Task StrikeAsync(CrashEngine engine, App app)
    {
        var server = engine.Server ?? throw new InvalidOperationException("There is no server.");
        await server.KillAsync();
        await server.RestartAsync();
    }
}
