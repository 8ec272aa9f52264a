using Microsoft.AspNetCore.DataProtection;
using SmartCache.Connections;

namespace SmartCache.Core.Tests;

/// <summary>A cache built without a host checks its options as one in a host does.</summary>
public sealed class ConstructorTests
{
    [Test]
    public void An_option_that_cannot_work_is_named()
    {
        var options = new TestOptions { ExpiredRemovalBatchSize = 0, MaxValueSize = -1 };

        Assert.That(
            () => Create(options),
            Throws.ArgumentException.With.Property("ParamName").EqualTo("options")
                .And.Message.Contains($"{nameof(TestOptions)}.{nameof(options.ExpiredRemovalBatchSize)} ")
                .And.Message.Contains($"{nameof(TestOptions)}.{nameof(options.MaxValueSize)} "));
    }

    [Test]
    public void The_engine_brings_its_connections_so_the_options_need_none() =>
        Assert.That(() => Create(new TestOptions()).Dispose(), Throws.Nothing);

    [Test]
    public void Encryption_needs_something_to_encrypt_with()
    {
        var options = new TestOptions { ProtectPayload = true };

        Assert.That(() => Create(options), Throws.ArgumentException.With.Message.Contains(nameof(options.ProtectPayload)));
        Assert.That(() => Create(options, new EphemeralDataProtectionProvider()).Dispose(), Throws.Nothing);
    }

    private static SmartDistributedCache Create(TestOptions options, IDataProtectionProvider? dataProtection = null) =>
        new(options, options.Dialect, new NoConnections(), dataProtection: dataProtection);

    private sealed class NoConnections : ConnectionSource
    {
        public override int InUse => 0;

        public override ValueTask<TResult> RunAsync<TResult>(
            Func<StoreConnection, ValueTask<TResult>> work, bool writes, bool async, CancellationToken token) =>
            throw new NotSupportedException();

        public override void Dispose()
        {
        }

        public override ValueTask DisposeAsync() => default;
    }
}
