using SmartCache.Engines;

namespace SmartCache.Benchmarks.Engines;

/// <summary>A database server.</summary>
/// <param name="ConnectionString">How to reach it.</param>
/// <param name="Started">The server itself if it was started for the run.</param>
internal sealed record Server(string ConnectionString, EngineServer? Started) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => Started?.DisposeAsync() ?? default;
}
