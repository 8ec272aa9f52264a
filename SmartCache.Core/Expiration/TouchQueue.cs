using SmartCache.Keys;

namespace SmartCache.Expiration;

/// <summary>
/// Notes accesses in memory until they are flushed. A row whose window is known is due at most once per interval
/// (a tenth of the window, at most a minute), counted from the access its columns know of; near the end of its life
/// it is due at once, so that other nodes still find it alive. Accesses to keys nobody here has seen a row for wait
/// in a queue of their own.
/// </summary>
internal sealed class TouchQueue
{
    private readonly Lock _lock = new();
    private readonly TouchedRows _rows = new();
    private readonly UnknownTouches _unknown = new();
    private readonly List<AccessSpan> _found = [];

    /// <summary>Raised when a touch should not wait for the next period.</summary>
    public event Action? Urgent;

    /// <summary>There are so many rows that they should be flushed whatever their interval.</summary>
    public bool IsFull
    {
        get
        {
            lock (_lock)
            {
                return _rows.AreMany;
            }
        }
    }

    /// <summary>How often everything has to be taken until all that is noted now has been: once, unless an outage kept accesses of a row apart.</summary>
    public int Passes
    {
        get
        {
            lock (_lock)
            {
                return Math.Max(1, _unknown.Passes);
            }
        }
    }

    /// <summary>Notes an access.</summary>
    /// <param name="key">The key.</param>
    /// <param name="access">When, in UTC Unix milliseconds.</param>
    /// <param name="known">The lifetime the row's columns say, if this node has just read or written it.</param>
    public void Note(CacheKey key, long access, Lifetime? known)
    {
        var isUrgent = false;
        lock (_lock)
        {
            if (Row(key, known) is { } row)
            {
                isUrgent = Note(key, row, access);
            }
            else if (known is null)
            {
                _unknown.Note(key, access);
            }
        }

        Raise(isUrgent);
    }

    /// <summary>
    /// Notes an access that counts for this node at once, but is written only when its request releases it or has
    /// run for an interval.
    /// </summary>
    /// <returns>What to release it by; null if no access can move this row's expiry.</returns>
    public int? Hold(CacheKey key, long access, Lifetime known)
    {
        lock (_lock)
        {
            if (Row(key, known) is not { } row)
            {
                return null;
            }

            var hold = row.Hold(access);
            _rows.Wake(key, row, TouchRhythm.WakeTime(row, access));
            return hold;
        }
    }

    /// <summary>Ends a hold; the access is noted unless it is not to count.</summary>
    public void Release(CacheKey key, long access, int hold, bool counts)
    {
        var isUrgent = false;
        lock (_lock)
        {
            if (_rows.Find(key) is { } row)
            {
                row.Release(hold);
                isUrgent = counts && Note(key, row, access);
            }
        }

        Raise(isUrgent);
    }

    /// <summary>The accesses of this node to a row that its columns may not show yet.</summary>
    public AccessSpan[] Waiting(CacheKey key)
    {
        lock (_lock)
        {
            _found.Clear();
            _unknown.Find(key)?.AddTo(_found);
            _rows.Find(key)?.AddTo(_found);
            return _found.Count == 0 ? [] : [.. _found];
        }
    }

    /// <summary>The row was stored with an expiry of its own: accesses up to then are history.</summary>
    public void Stored(CacheKey key, long at, Lifetime lifetime)
    {
        lock (_lock)
        {
            _unknown.Forget(key, at);
            if (_rows.Find(key) is { } row)
            {
                row.Forget(at);
                row.Known = lifetime;
            }
        }
    }

    /// <summary>The row is gone.</summary>
    public void Removed(CacheKey key)
    {
        lock (_lock)
        {
            _unknown.Remove(key);
            _rows.Remove(key);
        }
    }

    /// <summary>Takes what is to be written, in key order. What is taken must be given to <see cref="Return"/>.</summary>
    public List<Touch> Take(long now, FlushScope scope)
    {
        var touches = new List<Touch>();
        lock (_lock)
        {
            _rows.BeginFlush(now, scope, touches);
            _unknown.BeginFlush(touches);
        }

        touches.Sort(static (a, b) => a.Key.CompareTo(b.Key));
        return touches;
    }

    /// <summary>Takes in lifetimes that touches of unseen rows have brought to light, before those touches are returned.</summary>
    public void Learn(IEnumerable<(Touch Touch, Lifetime Lifetime)> learned)
    {
        lock (_lock)
        {
            foreach (var (touch, lifetime) in learned)
            {
                // One that has been read or stored meanwhile is known better.
                if (_unknown.Find(touch.Key) is not null && _rows.Find(touch.Key) is null)
                {
                    _rows.Add(touch.Key, lifetime);
                }
            }
        }
    }

    /// <summary>Tells what became of touches taken. Those not written wait on, for a flush after <paramref name="retryAt"/>.</summary>
    public void Return(IEnumerable<Touch> touches, bool areWritten, long retryAt)
    {
        lock (_lock)
        {
            foreach (var touch in touches)
            {
                var wasUnknown = _unknown.EndFlush(touch.Key, areWritten);
                if (_rows.Find(touch.Key) is not { } row)
                {
                    continue;
                }

                if (!wasUnknown)
                {
                    row.EndFlush(areWritten);
                }

                Adopt(touch.Key, row);
                _rows.EndFlush(touch.Key, row, areWritten, retryAt);
            }
        }
    }

    /// <summary>The row's place in the queue; null if it has none and no access could move its expiry.</summary>
    private TouchedRow? Row(CacheKey key, Lifetime? known)
    {
        if (_rows.Find(key) is { } row)
        {
            row.Known = known ?? row.Known;
            return row;
        }

        if (known is not { IsFixed: false } lifetime)
        {
            return null;
        }

        row = _rows.Add(key, lifetime);
        Adopt(key, row);
        return row;
    }

    /// <summary>Takes over what waited for the row before it was known.</summary>
    private void Adopt(CacheKey key, TouchedRow row)
    {
        foreach (var accesses in _unknown.TakeWaiting(key))
        {
            row.Note(accesses);
        }
    }

    /// <returns>Whether the row should not even wait for the next flush.</returns>
    private bool Note(CacheKey key, TouchedRow row, long access)
    {
        if (row.Known.IsFixed)
        {
            return false;
        }

        row.Note(AccessSpan.At(access));
        _rows.Wake(key, row, TouchRhythm.WakeTime(row, access));
        return TouchRhythm.IsNearEnd(row, access) || _rows.AreMany;
    }

    private void Raise(bool isUrgent)
    {
        if (isUrgent)
        {
            Urgent?.Invoke();
        }
    }
}
