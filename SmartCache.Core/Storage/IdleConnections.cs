namespace SmartCache.Storage;

/// <summary>
/// Open connections that nobody uses just now. The last one given back is taken first, so that what a busy hour has
/// opened and a quiet one does not need grows old, and is closed.
/// </summary>
internal sealed class IdleConnections : IDisposable
{
    /// <summary>Less than firewalls and load balancers allow a silent connection, in milliseconds.</summary>
    private const long MaxIdleMs = 3 * 60_000;

    private readonly Lock _lock = new();
    private readonly List<(StoreConnection Connection, long Since)> _connections = [];
    private bool _isDisposed;

    /// <summary>The connection given back last; null if there is none, or none that is still fresh.</summary>
    public StoreConnection? Take()
    {
        CloseOld();
        lock (_lock)
        {
            if (_connections.Count == 0)
            {
                return null;
            }

            var (last, _) = _connections[^1];
            _connections.RemoveAt(_connections.Count - 1);
            return last;
        }
    }

    public void GiveBack(StoreConnection connection)
    {
        lock (_lock)
        {
            if (!_isDisposed)
            {
                _connections.Add((connection, Environment.TickCount64));
                return;
            }
        }

        connection.Dispose();
    }

    /// <summary>Closes them all: one has turned out to be broken, and so may be the others.</summary>
    public void Close() => CloseSince(long.MaxValue);

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
        }

        Close();
    }

    private void CloseOld() => CloseSince(Environment.TickCount64 - MaxIdleMs);

    /// <summary>Closes those that were given back at or before a time.</summary>
    private void CloseSince(long time)
    {
        while (TakeOldest(time) is { } connection)
        {
            connection.Dispose();
        }
    }

    private StoreConnection? TakeOldest(long time)
    {
        lock (_lock)
        {
            if (_connections.Count == 0 || _connections[0].Since > time)
            {
                return null;
            }

            var (oldest, _) = _connections[0];
            _connections.RemoveAt(0);
            return oldest;
        }
    }
}
