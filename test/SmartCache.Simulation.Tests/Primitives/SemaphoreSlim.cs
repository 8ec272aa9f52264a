using SmartCache.Simulation;

namespace SmartCache;

/// <summary>Replaces the system's type, whose waiters continue on the thread pool. Here each continues in a step, in the order of arrival.</summary>
internal sealed class SemaphoreSlim(int initialCount, int maxCount = int.MaxValue)
{
    private readonly LinkedList<Waiter> _waiting = [];
    private int _count = initialCount;

    public async Task WaitAsync(CancellationToken cancellationToken) => await WaitAsync(Timeout.InfiniteTimeSpan, cancellationToken);

    public async Task<bool> WaitAsync(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Wait(TimeSpan.Zero, cancellationToken))
        {
            return true;
        }

        if (timeout == TimeSpan.Zero)
        {
            return false;
        }

        var waiter = new Waiter(timeout, cancellationToken);
        var place = _waiting.AddLast(waiter);
        try
        {
            return await waiter.Task;
        }
        finally
        {
            if (place.List is not null)
            {
                _waiting.Remove(place);
            }
        }
    }

    public void Wait(CancellationToken cancellationToken) => Wait(Timeout.InfiniteTimeSpan, cancellationToken);

    public bool Wait(TimeSpan timeout, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_count > 0)
        {
            _count--;
            return true;
        }

        return timeout == TimeSpan.Zero ? false : throw World.Current.NotSimulated("a synchronous caller that waits, and with it the only thread");
    }

    public void Release()
    {
        if (_waiting.First is { } first)
        {
            _waiting.RemoveFirst();
            first.Value.Grant();
        }
        else if (++_count > maxCount)
        {
            throw new System.Threading.SemaphoreFullException();
        }
    }
}
