using SmartCache.Storage;

namespace SmartCache.Sqlite;

/// <summary>
/// Lets those who read begin one at a time while the log may have grown. The first to begin after a commit moves a mark
/// in the log's index, under a lock; others who meet it try again five times, and then SQLite sleeps: a whole second, if it was built
/// without <c>usleep()</c>. Once the mark has been moved they need no lock that excludes anybody, and begin freely.
/// </summary>
internal sealed class ReadGate
{
    private readonly Lock _lock = new();

    /// <summary>Commits begun and ended: odd while one is under way.</summary>
    private long _commits;

    /// <summary>What that was when the mark was known to be moved.</summary>
    private long _marked = -1;

    public TResult Read<TResult>(StoreWork<TResult> work, StoreConnection reader)
    {
        var commits = Volatile.Read(ref _commits);
        if (commits == Volatile.Read(ref _marked))
        {
            return work.Run(reader);
        }

        lock (_lock)
        {
            var result = work.Run(reader);
            if (commits % 2 == 0)
            {
                Volatile.Write(ref _marked, commits);
            }

            return result;
        }
    }

    /// <summary>Runs what begins a transaction, which reads first.</summary>
    public bool Begin(Func<bool> begin)
    {
        lock (_lock)
        {
            return begin();
        }
    }

    public void Commit(Action commit)
    {
        Interlocked.Increment(ref _commits);
        try
        {
            commit();
        }
        finally
        {
            Interlocked.Increment(ref _commits);
        }
    }
}
