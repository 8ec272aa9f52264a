using SmartCache.Storage;

namespace SmartCache.MySql;

/// <summary>
/// Bounds how long MySql.Data may work for an asynchronous caller: a call whose server was silent for longer than the
/// command's timeout may never come back, not even when the server answers. Its connection is given up.
/// </summary>
/// <param name="inner">Opens and closes the connections.</param>
/// <param name="limit">How long a work may take.</param>
internal sealed class BoundedSource(ConnectionSource inner, TimeSpan limit) : ConnectionSource
{
    /// <summary>A work has at most two statements, and each some time after its timeout to be cancelled on the server.</summary>
    public static TimeSpan LimitFor(int commandTimeoutSeconds) => TimeSpan.FromSeconds((2 * commandTimeoutSeconds) + 2);

    public override ValueTask<TResult> RunAsync<TResult>(StoreWork<TResult> work, bool async, CancellationToken cancellationToken) =>
        inner.RunAsync(async ? new BoundedWork<TResult>(work, limit) : work, async, cancellationToken);

    public override void Dispose() => inner.Dispose();

    public override ValueTask DisposeAsync() => inner.DisposeAsync();
}
