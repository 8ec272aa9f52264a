namespace SmartCache.Sqlite;

/// <summary>A thread that works whenever it is woken, and ends if that has not happened for a while.</summary>
internal sealed class WriterThread(Action work)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly object _lock = new();
    private bool _isWanted;
    private bool _isThere;

    public void Wake()
    {
        lock (_lock)
        {
            _isWanted = true;
            if (_isThere)
            {
                Monitor.Pulse(_lock);
            }
            else
            {
                // It does not belong to the request that wakes it: it works for others, too.
                new Thread(Run) { IsBackground = true, Name = "SmartCache.Sqlite writer" }.UnsafeStart();
                _isThere = true;
            }
        }
    }

    private void Run()
    {
        while (WaitUntilWanted())
            work();
    }

    private bool WaitUntilWanted()
    {
        lock (_lock)
        {
            _isThere = _isWanted || Monitor.Wait(_lock, Patience) || _isWanted;
            _isWanted = false;
            return _isThere;
        }
    }
}
