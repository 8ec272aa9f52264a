using SmartCache.Storage;

namespace SmartCache.Postgres;

/// <summary>Takes no store for done whose wait for a synchronous standby was cut short: see <see cref="ConfirmedWork{TResult}"/>.</summary>
internal sealed class ConfirmedSource(ConnectionSource inner) : ConnectionSource
{
    public override ValueTask<TResult> RunAsync<TResult>(StoreWork<TResult> work, bool async, CancellationToken cancellationToken) =>
        inner.RunAsync(work.Writes ? new ConfirmedWork<TResult>(work) : work, async, cancellationToken);

    public override void Dispose() => inner.Dispose();

    public override ValueTask DisposeAsync() => inner.DisposeAsync();
}
