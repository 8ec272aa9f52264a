using SmartCache.Storage;

namespace SmartCache.Contract.Faults;

/// <summary>Holds up the next asynchronous work on an engine's connections, so that others can come between.</summary>
public sealed class PausingSource(ConnectionSource connections) : ConnectionSource
{
    private Pause? _beforeWrite;
    private Pause? _afterRead;
    private int _writes;

    /// <summary>How many works that write there have been.</summary>
    public int Writes => _writes;

    /// <summary>The next work that writes waits before it begins.</summary>
    public Pause BeforeNextWrite() => _beforeWrite = new Pause();

    /// <summary>The next work that only reads waits with what it has read.</summary>
    public Pause AfterNextRead() => _afterRead = new Pause();

    public override async ValueTask<TResult> RunAsync<TResult>(StoreWork<TResult> work, bool async, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(work);
        if (work.Writes)
        {
            Interlocked.Increment(ref _writes);
        }

        if (work.Writes && Interlocked.Exchange(ref _beforeWrite, null) is { } before)
        {
            await before.WaitAsync();
        }

        var result = await connections.RunAsync(work, async, cancellationToken);
        if (!work.Writes && Interlocked.Exchange(ref _afterRead, null) is { } after)
        {
            await after.WaitAsync();
        }

        return result;
    }

    public override void Dispose() => connections.Dispose();

    public override ValueTask DisposeAsync() => connections.DisposeAsync();
}
