using SmartCache.Connections;

namespace SmartCache.Core.Tests;

/// <summary>Connections are closed once, and a failure to close them is not hidden.</summary>
public sealed class DisposalTests
{
    [Test]
    public async Task A_failure_to_close_the_connections_reaches_the_caller_once([Values] bool async)
    {
        await using var connections = new StubbornConnections();
        var options = new TestOptions();
        var cache = new SmartDistributedCache(options, options.Dialect, connections);

        Assert.That(() => DisposeAsync(cache, async), Throws.InvalidOperationException.With.Message.EqualTo("They stay open."));
        Assert.That(() => DisposeAsync(cache, async), Throws.Nothing);
        Assert.That(connections.Closings, Is.EqualTo(1));
        connections.AreStubborn = false;
    }

    private static async Task DisposeAsync(SmartDistributedCache cache, bool async)
    {
        if (async)
            await cache.DisposeAsync();
        else
            cache.Dispose();
    }

    private sealed class StubbornConnections : ConnectionSource
    {
        public bool AreStubborn { get; set; } = true;
        public int Closings { get; private set; }

        public override ValueTask<TResult> RunAsync<TResult>(
            Func<StoreConnection, ValueTask<TResult>> work, bool writes, bool async, CancellationToken token) =>
            throw new NotSupportedException();

        public override void Dispose()
        {
            Closings++;
            if (AreStubborn)
                throw new InvalidOperationException("They stay open.");
        }

        public override ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
