using System.Diagnostics.CodeAnalysis;
using SmartCache.Keys;

namespace SmartCache.Sessions;

/// <summary>Who stores which session on this node, and who waits behind: one at a time, and those who wait the next together.</summary>
internal sealed class StoreLines
{
    private readonly Lock _lock = new();
    private readonly Dictionary<CacheKey, List<WaitingStore>?> _lines = [];

    /// <summary>Begins a line; where there is one, waits in it.</summary>
    public bool TryBegin(CacheKey key, SessionCommit commit, [NotNullWhen(false)] out WaitingStore? waiting)
    {
        lock (_lock)
        {
            if (_lines.TryAdd(key, null))
            {
                waiting = null;
                return true;
            }

            waiting = new WaitingStore(commit);
            var others = _lines[key] ??= [];
            others.Add(waiting);
            return false;
        }
    }

    /// <summary>Those who wait, for whom it is time now; null if nobody does, and the line has come to its end.</summary>
    public List<WaitingStore>? Next(CacheKey key)
    {
        lock (_lock)
        {
            var waiting = _lines[key];
            if (waiting is null)
            {
                _lines.Remove(key);
            }
            else
            {
                _lines[key] = null;
            }

            return waiting;
        }
    }

    /// <summary>Leaves the line; false if the store is under way already.</summary>
    public bool TryLeave(CacheKey key, WaitingStore store)
    {
        lock (_lock)
        {
            return _lines.TryGetValue(key, out var waiting) && waiting?.Remove(store) == true;
        }
    }
}
