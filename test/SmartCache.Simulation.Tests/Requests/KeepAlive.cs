using SmartCache.Simulation.Checking;

namespace SmartCache.Simulation.Requests;

/// <summary>Which of a request's operations keep its session alive: from its commit on, unless it asked not to, or found none.</summary>
internal sealed class KeepAlive(SessionHistory history)
{
    private readonly List<Access> _open = [];

    public void Note(Operation operation, Func<long> latest)
    {
        var access = new Access(operation, latest);
        history.Accesses.Add(access);
        _open.Add(access);
    }

    /// <param name="commit">What makes those so far count.</param>
    /// <param name="counts">Whether it does.</param>
    public void Settle(Operation commit, bool counts)
    {
        _open.ForEach(access => access.Counting = counts ? commit : null);
        _open.Clear();
    }
}
