using SmartCache.Storage;

namespace SmartCache.Contract.Faults;

/// <summary>Breaks the next work on an engine's connections as a test asks; all else goes through.</summary>
public sealed class FaultySource(ConnectionSource connections) : ConnectionSource
{
    private FaultMoment _next;
    private bool _writes;

    /// <summary>Breaks the next work that writes.</summary>
    public void BreakNextWrite(FaultMoment moment) => (_next, _writes) = (moment, true);

    /// <summary>Breaks the next work that only reads.</summary>
    public void BreakNextRead() => (_next, _writes) = (FaultMoment.BeforeTheWork, false);

    public override async ValueTask<TResult> RunAsync<TResult>(StoreWork<TResult> work, bool async, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(work);
        var fault = work.Writes == _writes ? _next : FaultMoment.Never;
        if (fault != FaultMoment.Never)
        {
            _next = FaultMoment.Never;
        }

        if (fault == FaultMoment.BeforeTheWork)
        {
            throw new InjectedFaultException("The connection broke before anything was sent.");
        }

        var result = await connections.RunAsync(work, async, cancellationToken);
        return fault == FaultMoment.AfterTheWork ? throw new InjectedFaultException("The connection broke before the answer came.") : result;
    }

    public override void Dispose() => connections.Dispose();

    public override ValueTask DisposeAsync() => connections.DisposeAsync();
}
