using SmartCache.Storage;

namespace SmartCache.Contract.Faults;

/// <summary>Lets something else happen before each work that writes, and fails what does not come to an end.</summary>
public sealed class BusySource(ConnectionSource connections) : ConnectionSource
{
    private const int Many = 200;

    /// <summary>What happens.</summary>
    public Action? BeforeWrite { get; set; }

    /// <summary>How many works that write there have been.</summary>
    public int Writes { get; private set; }

    public override ValueTask<TResult> RunAsync<TResult>(StoreWork<TResult> work, bool async, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(work);
        if (work.Writes)
        {
            BeforeWrite?.Invoke();
            if (++Writes > Many)
            {
                throw new InvalidOperationException($"More than {Many} works: this does not end.");
            }
        }

        return connections.RunAsync(work, async, cancellationToken);
    }

    public override void Dispose() => connections.Dispose();

    public override ValueTask DisposeAsync() => connections.DisposeAsync();
}
