using SmartCache.Engines.Descriptions;

namespace SmartCache.Engines.Servers;

/// <summary>A server that somebody else runs.</summary>
internal sealed class GivenServer(Engine engine, string connectionString)
    : EngineServer(engine, new EngineOrigin(EngineOriginKind.ConnectionString, engine.Variable))
{
    public override string ConnectionString => connectionString;

    public override bool IsOwned => false;

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
