using SmartCache.Storage;

namespace SmartCache.MySql;

/// <summary>A work that ends in time, though what it has begun may not.</summary>
internal sealed class BoundedWork<TResult>(StoreWork<TResult> work, TimeSpan limit) : StoreWork<TResult>
{
    /// <summary>How long a cancellation may take to have an effect.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    public override bool Writes => work.Writes;

    public override async ValueTask<TResult> RunAsync(StoreConnection connection, bool async, CancellationToken cancellationToken)
    {
        var running = work.RunAsync(connection, async, cancellationToken).AsTask();
        using var patience = new CancellationTokenSource(limit);
        using var cancelling = cancellationToken.UnsafeRegister(static patience => ((CancellationTokenSource)patience!).CancelAfter(Grace), patience);
        try
        {
            return await running.WaitAsync(patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !running.IsCompleted)
        {
            // Its own end, when the connection is closed, is of no interest to anybody.
            _ = running.ContinueWith(
                static abandoned => abandoned.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            cancellationToken.ThrowIfCancellationRequested();
            throw new SilentServerException(limit);
        }
    }
}
