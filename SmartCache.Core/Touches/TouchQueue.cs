namespace SmartCache.Touches;

/// <summary>
/// Keeps touches in memory until they are flushed. The touches of a row of known lifetime are never dropped; those to keys for
/// which this node has seen no row may be, if a flood of invented keys comes.
/// </summary>
internal sealed class TouchQueue
{
    /// <summary>With this many rows everything is flushed at once, and idle rows are forgotten: about 25 MB.</summary>
    public const int Many = 100_000;

    private const int MaxUnknown = 10_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<CacheKey, TouchedRow> _rows = [];
    private readonly PriorityQueue<CacheKey, long> _due = new();
    private int _unknown;
    private int _holdNumbers;

    /// <summary>Raised if a touch should not wait for the next period.</summary>
    public event Action? Urgent;

    /// <summary>Whether there are so many rows that they should be flushed whatever their interval.</summary>
    public bool IsFull
    {
        get
        {
            lock (_lock)
                return AreMany;
        }
    }

    /// <summary>How many flushes write everything that waits now: one, unless an outage has kept touches of a row apart.</summary>
    public int Passes
    {
        get
        {
            lock (_lock)
                return _unknown == 0 ? 1 : Math.Max(1, _rows.Values.Max(static row => row.WaitingCount));
        }
    }

    /// <summary>How many rows have touches that wait for a flush.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock)
                return _rows.Values.Count(static row => row.WaitingCount > 0);
        }
    }

    private bool AreMany => _rows.Count - _unknown >= Many;

    /// <summary>Adds a touch.</summary>
    /// <param name="touch">When, in UTC Unix milliseconds.</param>
    /// <param name="known">The lifetime in the row's columns, if this node has just read or written the row.</param>
    public void Add(CacheKey key, long touch, Lifetime? known)
    {
        bool isUrgent;
        lock (_lock)
        {
            var row = Find(key, known) ?? (known is null && _unknown < MaxUnknown ? Add(key, null) : null);
            isUrgent = row is not null && Add(key, row, touch);
        }

        if (isUrgent)
            Urgent?.Invoke();
    }

    /// <summary>Adds a touch that counts for this node at once, but is written only when its request releases it, or has run for an interval or for half of what is left of the row's life.</summary>
    /// <returns>What to release it by; null if no touch can move the row's expiry.</returns>
    public int? Hold(CacheKey key, long touch, Lifetime known)
    {
        lock (_lock)
        {
            var row = Find(key, known);
            var hold = row?.Hold(touch);
            if (row is not null)
                Wake(key, row, row.WakeTime(touch));

            return hold;
        }
    }

    /// <summary>Ends a hold; the touch is added if it counts.</summary>
    public void Release(CacheKey key, long touch, int hold, bool counts)
    {
        var isUrgent = false;
        lock (_lock)
        {
            if (_rows.TryGetValue(key, out var row))
            {
                row.Release(hold);
                isUrgent = counts && Add(key, row, touch);
            }
        }

        if (isUrgent)
            Urgent?.Invoke();
    }

    /// <summary>The touches of this node to a row that the row's columns may not show yet.</summary>
    public UnwrittenTouches Unwritten(CacheKey key)
    {
        lock (_lock)
            return _rows.TryGetValue(key, out var row) ? row.Unwritten : default;
    }

    /// <summary>The lifetime in a row's columns, as this node last read or wrote it; null if the queue does not remember it.</summary>
    public Lifetime? Known(CacheKey key)
    {
        lock (_lock)
            return _rows.TryGetValue(key, out var row) ? row.Known : null;
    }

    /// <summary>The row was written with its own expiry: touches up to then mean nothing more.</summary>
    public void Stored(CacheKey key, long at, Lifetime lifetime)
    {
        lock (_lock)
        {
            if (_rows.TryGetValue(key, out var row))
            {
                row.Forget(at);
                Learn(row, lifetime);
            }
        }
    }

    /// <summary>The row was removed.</summary>
    public void Removed(CacheKey key)
    {
        lock (_lock)
            Remove(key);
    }

    /// <summary>Takes the touches to write, in key order. Pass each of them to <see cref="Return"/> afterwards.</summary>
    public List<Touch> Take(long now, FlushScope scope)
    {
        var touches = new List<Touch>();
        lock (_lock)
        {
            var later = new List<(CacheKey Key, TouchedRow Row)>();
            while (_due.TryPeek(out var key, out var due) && (scope != FlushScope.Due || due <= now))
            {
                _due.Dequeue();
                if (_rows.TryGetValue(key, out var row) && row.WakesAt == due)
                {
                    row.WakesAt = null;
                    if (!TryFlush(key, row, now, scope, touches))
                        later.Add((key, row));
                }
            }

            later.ForEach(entry => Wake(entry.Key, entry.Row, entry.Row.WakeTime(now)));
        }

        touches.Sort(static (a, b) => a.Key.CompareTo(b.Key));
        return touches;
    }

    /// <summary>Takes in the lifetimes that touches of unknown rows have shown, before those touches are returned.</summary>
    public void Learn(IEnumerable<(Touch Touch, Lifetime Lifetime)> learned)
    {
        lock (_lock)
        {
            foreach (var (touch, lifetime) in learned)
            {
                // A row that has been read or written meanwhile is known better.
                if (_rows.TryGetValue(touch.Key, out var row) && row.Known is null)
                    Learn(row, lifetime);
            }
        }
    }

    /// <summary>Says what became of the touches taken. Those not written wait for a flush after <paramref name="retryAt"/>.</summary>
    public void Return(IEnumerable<Touch> touches, bool areWritten, long retryAt)
    {
        lock (_lock)
        {
            foreach (var touch in touches)
            {
                if (!_rows.TryGetValue(touch.Key, out var row) || !row.IsInFlight)
                    continue;

                row.EndFlush(areWritten);
                if (row.IsIdle && (AreMany || row.Known is null))
                {
                    Remove(touch.Key);
                }
                else
                {
                    // A row of known lifetime stays for an interval although it may be idle: this is how the rhythm is remembered.
                    // A touch of a row of unknown lifetime goes with the next flush, whenever that is.
                    Wake(touch.Key, row, row.Known is null ? 0 : areWritten ? row.NextDue(retryAt) : retryAt);
                }
            }
        }
    }

    /// <summary>The row's place in the queue; null if it has none and is unknown, or no touch could move its expiry.</summary>
    private TouchedRow? Find(CacheKey key, Lifetime? known)
    {
        if (_rows.TryGetValue(key, out var row))
        {
            if (known is { } lifetime)
                Learn(row, lifetime);

            return row;
        }

        return known is { IsFixed: false } ? Add(key, known) : null;
    }

    private TouchedRow Add(CacheKey key, Lifetime? known)
    {
        var row = new TouchedRow(known, ++_holdNumbers);
        _rows.Add(key, row);
        _unknown += known is null ? 1 : 0;
        return row;
    }

    private void Learn(TouchedRow row, Lifetime lifetime)
    {
        _unknown -= row.Known is null ? 1 : 0;
        row.Learn(lifetime);
    }

    private void Remove(CacheKey key)
    {
        if (_rows.Remove(key, out var row))
            _unknown -= row.Known is null ? 1 : 0;
    }

    /// <returns>Whether the row should not even wait for the next flush.</returns>
    private bool Add(CacheKey key, TouchedRow row, long touch)
    {
        if (row.Known is { IsFixed: true })
            return false;

        row.Add(TouchSpan.At(touch));
        Wake(key, row, row.WakeTime(touch));
        return row.IsNearEnd(touch) || AreMany;
    }

    /// <summary>Has the queue look at the row no later than at that time; older entries count no more.</summary>
    private void Wake(CacheKey key, TouchedRow row, long at)
    {
        if (!(row.WakesAt <= at))
        {
            row.WakesAt = at;
            _due.Enqueue(key, at);
        }
    }

    /// <returns>False if the queue has to look at the row again.</returns>
    private bool TryFlush(CacheKey key, TouchedRow row, long now, FlushScope scope, List<Touch> touches)
    {
        row.EndHolds(now, scope == FlushScope.Last, ++_holdNumbers);

        // Only one flush at a time has a row. What comes meanwhile is scheduled when that flush returns.
        if (row.IsInFlight)
            return true;

        if (row.IsIdle)
        {
            Remove(key);
            return true;
        }

        if (row.WaitingCount == 0 || (scope == FlushScope.Due && row.NextDue(now) > now))
            return false;

        touches.Add(new Touch(key, row.BeginFlush()) { IsOfUnknownRow = row.Known is null });
        return true;
    }
}
