using SmartCache.Simulation.Scheduling;

namespace SmartCache.Simulation.Database;

/// <summary>Which transaction has locked which row, and who waits for it.</summary>
/// <param name="exist">Whether the storage has row locks at all: several masters do not share theirs.</param>
internal sealed class RowLocks(bool exist)
{
    private readonly Dictionary<string, ServerSession> _holders = [];
    private readonly List<(string Key, Waiter Waiter)> _waiting = [];

    public bool IsLocked(string key) => _holders.ContainsKey(key);

    /// <summary>Waits while another has the lock. Who takes the next step after its end gets through, in any order.</summary>
    public async Task WaitAsync(string key, ServerSession session, CancellationToken cancellationToken)
    {
        while (_holders.TryGetValue(key, out var holder) && holder != session)
        {
            var waiter = new Waiter(Timeout.InfiniteTimeSpan, cancellationToken);
            _waiting.Add((key, waiter));
            await waiter.Task;
        }
    }

    public void Take(string key, ServerSession session)
    {
        if (exist)
        {
            _holders[key] = session;
        }
    }

    public void Release(ServerSession session)
    {
        foreach (var key in _holders.Where(held => held.Value == session).Select(static held => held.Key).ToList())
        {
            _holders.Remove(key);
            _waiting.FindAll(waiting => waiting.Key == key).ForEach(static waiting => waiting.Waiter.Wake());
            _waiting.RemoveAll(waiting => waiting.Key == key);
        }
    }
}
