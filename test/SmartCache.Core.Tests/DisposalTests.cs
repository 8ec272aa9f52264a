using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection;
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

    [Test]
    public async Task A_container_that_knows_a_cache_by_several_names_disposes_its_data_source_once([Values] bool async)
    {
        var source = new CountingDataSource();
        var services = new ServiceCollection();
        services.AddSmartCache<TestOptions>(static options => options.Dialect, _ => source, "sessions").Configure(static options => options.ConnectionString = "there");
        services.AddSingleton(all => all.GetRequiredKeyedService<IDistributedCache>("sessions"));
        var provider = services.BuildServiceProvider();
        Assert.That(provider.GetRequiredService<IDistributedCache>(), Is.SameAs(provider.GetRequiredKeyedService<SmartDistributedCache>("sessions")));

        if (async)
            await provider.DisposeAsync();
        else
            provider.Dispose();

        Assert.That(source.Disposals, Is.EqualTo(1));
    }

    private static async Task DisposeAsync(SmartDistributedCache cache, bool async)
    {
        if (async)
            await cache.DisposeAsync();
        else
            cache.Dispose();
    }

    private sealed class CountingDataSource : DbDataSource
    {
        public int Disposals { get; private set; }
        public override string ConnectionString => "there";

        protected override DbConnection CreateDbConnection() => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            Disposals += disposing ? 1 : 0;
            base.Dispose(disposing);
        }

        protected override ValueTask DisposeAsyncCore()
        {
            Disposals++;
            return base.DisposeAsyncCore();
        }
    }

    private sealed class StubbornConnections : ConnectionSource
    {
        public bool AreStubborn { get; set; } = true;
        public int Closings { get; private set; }
        public override int InUse => 0;

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
