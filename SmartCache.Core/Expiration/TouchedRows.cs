using SmartCache.Keys;

namespace SmartCache.Expiration;

/// <summary>The rows with accesses to write, in the order in which they have to be looked at.</summary>
internal sealed class TouchedRows
{
    /// <summary>From so many rows on everything is flushed at once, and idle rows are forgotten: about 25 MB.</summary>
    public const int Many = 100_000;

    private readonly Dictionary<CacheKey, TouchedRow> _rows = [];
    private readonly PriorityQueue<CacheKey, long> _due = new();
    private int _holdNumbers;

    public bool AreMany => _rows.Count >= Many;

    public TouchedRow? Find(CacheKey key) => _rows.GetValueOrDefault(key);

    public TouchedRow Add(CacheKey key, Lifetime known)
    {
        var row = new TouchedRow(known, ++_holdNumbers);
        _rows.Add(key, row);
        return row;
    }

    public bool Remove(CacheKey key) => _rows.Remove(key);

    /// <summary>Puts the row where it will be looked at no later than at that time; its older places count no more.</summary>
    public void Wake(CacheKey key, TouchedRow row, long at)
    {
        if (!(row.WakesAt <= at))
        {
            row.WakesAt = at;
            _due.Enqueue(key, at);
        }
    }

    /// <summary>Moves what is to be written into flight.</summary>
    public void BeginFlush(long now, FlushScope scope, List<Touch> touches)
    {
        var later = new List<(CacheKey, TouchedRow)>();
        while (_due.TryPeek(out var key, out var due) && (scope != FlushScope.Due || due <= now))
        {
            _due.Dequeue();
            if (Find(key) is not { } row || row.WakesAt != due)
            {
                continue;
            }

            row.WakesAt = null;
            if (!TryFlush(key, row, now, scope, touches))
            {
                later.Add((key, row));
            }
        }

        foreach (var (key, row) in later)
        {
            Wake(key, row, TouchRhythm.WakeTime(row, now));
        }
    }

    /// <summary>A row is kept for an interval though it may be idle: that is how the rhythm is remembered.</summary>
    public void EndFlush(CacheKey key, TouchedRow row, bool isWritten, long retryAt)
    {
        if (row.IsIdle && AreMany)
        {
            Remove(key);
        }
        else
        {
            Wake(key, row, isWritten ? TouchRhythm.NextDue(row, retryAt) : retryAt);
        }
    }

    /// <returns>False if the row has to be looked at again.</returns>
    private bool TryFlush(CacheKey key, TouchedRow row, long now, FlushScope scope, List<Touch> touches)
    {
        if (row.Holds > 0 && (scope == FlushScope.Last || TouchRhythm.HoldDeadline(row) <= now))
        {
            row.EndHolds(++_holdNumbers);
        }

        // Only one flush at a time has a row; what comes meanwhile is scheduled when that one returns.
        if (!row.InFlight.IsEmpty)
        {
            return true;
        }

        if (row.IsIdle)
        {
            return Remove(key);
        }

        if (row.Waiting.IsEmpty || (scope == FlushScope.Due && TouchRhythm.NextDue(row, now) > now))
        {
            return false;
        }

        var accesses = row.BeginFlush();
        touches.Add(new Touch(key, accesses.First, accesses.Last));
        return true;
    }
}
