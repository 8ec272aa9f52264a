namespace SmartCache.Storage;

/// <summary>
/// Open connections that nobody uses just now. The last one given back is taken first, so that what a busy hour has
/// opened and a quiet one does not need grows old, and is closed.
/// </summary>
public sealed class IdleConnections : IDisposable
{
    /// <summary>Less than firewalls and load balancers allow a silent connection, in milliseconds.</summary>
    private const long MaxIdleMs = 3 * 60_000;

    private readonly Lock _lock = new();
    private readonly List<(StoreConnection Connection, long Since)> _connections = [];
    private bool _isDisposed;

    /// <summary>The connection given back last; null if there is none, or none that is still fresh.</summary>
    public StoreConnection? Take()
    {
        StoreConnection[] old;
        StoreConnection? last = null;
        lock (_lock)
        {
            old = RemoveSince(Environment.TickCount64 - MaxIdleMs);
            if (_connections.Count > 0)
            {
                last = _connections[^1].Connection;
                _connections.RemoveAt(_connections.Count - 1);
            }
        }

        Close(old);
        return last;
    }

    /// <summary>Keeps a connection for the next that needs one; closes it if this has been disposed of.</summary>
    /// <param name="connection">An open connection in no transaction, which nobody uses any more.</param>
    public void GiveBack(StoreConnection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
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
    public void Close()
    {
        StoreConnection[] all;
        lock (_lock)
        {
            all = RemoveSince(long.MaxValue);
        }

        Close(all);
    }

    /// <summary>Closes those that are idle; those still in use are closed when they are given back.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
        }

        Close();
    }

    private static void Close(StoreConnection[] connections) => Array.ForEach(connections, static connection => connection.Dispose());

    /// <summary>Takes out those that were given back at or before a time, the oldest first.</summary>
    private StoreConnection[] RemoveSince(long time)
    {
        var count = 0;
        while (count < _connections.Count && _connections[count].Since <= time)
        {
            count++;
        }

        if (count == 0)
        {
            return [];
        }

        StoreConnection[] removed = [.. _connections.Take(count).Select(static idle => idle.Connection)];
        _connections.RemoveRange(0, count);
        return removed;
    }
}
