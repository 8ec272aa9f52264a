using SmartCache.Storage;

namespace SmartCache.Contract.Faults;

/// <summary>Breaks works that write now and then, before they are done or after; the caller cannot tell which.</summary>
public sealed class UnreliableSource(ConnectionSource connections) : ConnectionSource
{
    private const double Share = 0.2;

    /// <summary>Its multiples, without what is before the point, are spread evenly: each share comes true, in runs of works as well.</summary>
    private const double GoldenRatio = 0.6180339887498949;

    private int _works;
    private int _doneAllTheSame;

    /// <summary>Whether it breaks any.</summary>
    public bool IsBroken { get; set; }

    /// <summary>How often a work was done of which the caller was told that it failed.</summary>
    public int DoneAllTheSame => _doneAllTheSame;

    public override async ValueTask<TResult> RunAsync<TResult>(StoreWork<TResult> work, bool async, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(work);
        var chance = IsBroken && work.Writes ? Interlocked.Increment(ref _works) * GoldenRatio % 1 : 1;
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
