using SmartCache.Engines;

namespace SmartCache.Crash.Engines;

/// <summary>A database on a server of the run's own.</summary>
internal abstract class ServerCrashEngine(EngineName name) : CrashEngine
{
    private EngineServer? _server;

    public override EngineServer Server => _server ?? throw new InvalidOperationException("It has not been started.");

    public override string ConnectionString => Server.ConnectionString;

    public override string? Disk => Server.Disk;

    /// <summary>What a server on a small disk has to be told, so that the run alone does not fill it.</summary>
    protected virtual IReadOnlyList<string> SmallDiskSettings => [];

    public override async Task StartAsync(long diskSize) => _server = await EngineServer.StartAsync(
        name,
        new EngineOptions { DiskSize = SmallDisk.IsPossible ? diskSize : null, ServerArguments = SmallDiskSettings });

    public override async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}
