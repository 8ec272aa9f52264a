using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;

namespace SmartCache.Benchmarks.Load;

/// <summary>Stands in for the session object of a request: only which one it is matters to a cache.</summary>
internal sealed class StubSession : ISession
{
    public bool IsAvailable => true;

    public string Id => "";

    public IEnumerable<string> Keys => [];

    public Task LoadAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

    public Task CommitAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

    public bool TryGetValue(string key, [NotNullWhen(true)] out byte[]? value)
    {
        value = null;
        return false;
    }

    public void Set(string key, byte[] value) => throw new NotSupportedException();

    public void Remove(string key) => throw new NotSupportedException();

    public void Clear() => throw new NotSupportedException();
}
