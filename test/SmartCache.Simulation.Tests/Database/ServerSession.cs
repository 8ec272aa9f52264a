namespace SmartCache.Simulation.Database;

/// <summary>A connection as the server knows it.</summary>
internal sealed class ServerSession(RowLocks locks)
{
    public bool IsInTransaction { get; private set; }

    public void Begin() => IsInTransaction = true;

    /// <summary>Commit or rollback: a transaction writes once, right before its end.</summary>
    public void End()
    {
        IsInTransaction = false;
        locks.Release(this);
    }
}
