using SmartCache.Storage;

namespace SmartCache.Contract.Faults;

/// <summary>Breaks works that write now and then, before they are done or after; the caller cannot tell which.</summary>
public sealed class UnreliableSource(ConnectionSource connections) : ConnectionSource
{
    private const double Share = 0.2;

    private int _works;
    private int _doneAllTheSame;

    /// <summary>Whether it breaks any.</summary>
    public bool IsBroken { get; set; }

    /// <summary>How often a work was done of which the caller was told that it failed.</summary>
    public int DoneAllTheSame => _doneAllTheSame;

    public override async ValueTask<TResult> RunAsync<TResult>(StoreWork<TResult> work, bool async, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(work);
        var chance = !IsBroken || !work.Writes ? 1

            // The first breaks after it is done, so that none is without.
            : Interlocked.Increment(ref _works) == 1 ? Share
            : Random.Shared.NextDouble();
        if (chance < Share)
        {
            throw new InjectedFaultException("The connection broke before anything was sent.");
        }

        var result = await connections.RunAsync(work, async, cancellationToken);
        if (chance < 2 * Share)
        {
            Interlocked.Increment(ref _doneAllTheSame);
            throw new InjectedFaultException("The connection broke before the answer came.");
        }

        return result;
    }

    public override void Dispose() => connections.Dispose();

    public override ValueTask DisposeAsync() => connections.DisposeAsync();
}
