using SmartCache.Keys;

namespace SmartCache.Expiration;

/// <summary>
/// Accesses to keys that this node has seen no row for. They go with the next flush; under a flood of made-up keys
/// some are dropped.
/// </summary>
internal sealed class UnknownTouches
{
    private const int MaxKeys = 10_000;

    private readonly Dictionary<CacheKey, UnknownRow> _rows = [];

    public void Note(CacheKey key, long access)
    {
        if (!_rows.TryGetValue(key, out var row))
        {
            if (_rows.Count >= MaxKeys)
            {
                return;
            }

            _rows.Add(key, row = new UnknownRow());
        }

        row.Note(AccessSpan.At(access));
    }

    public UnknownRow? Find(CacheKey key) => _rows.GetValueOrDefault(key);

    /// <summary>The row has become known: its waiting accesses are no longer kept here.</summary>
    public AccessSpan[] TakeWaiting(CacheKey key) => _rows.TryGetValue(key, out var row) ? row.TakeWaiting() : [];

    /// <summary>The row was stored: accesses up to then are history.</summary>
    public void Forget(CacheKey key, long upTo)
    {
        foreach (var span in TakeWaiting(key))
        {
            _rows[key].Note(span.After(upTo));
        }
    }

    /// <summary>The row was removed.</summary>
    public void Remove(CacheKey key) => _rows.Remove(key);

    /// <summary>How many flushes it takes to write all that waits: accesses of one row that are kept apart go one after the other.</summary>
    public int Passes => _rows.Count == 0 ? 0 : _rows.Values.Max(static row => row.WaitingCount);

    public void BeginFlush(List<Touch> touches)
    {
        foreach (var (key, row) in _rows)
        {
            if (row.BeginFlush() is { IsEmpty: false } accesses)
            {
                touches.Add(new Touch(key, accesses.First, accesses.Last) { IsOfUnseenRow = true });
            }
        }
    }

    /// <returns>Whether the touch was one of these.</returns>
    public bool EndFlush(CacheKey key, bool isWritten)
    {
        if (!_rows.TryGetValue(key, out var row) || row.InFlight.IsEmpty)
        {
            return false;
        }

        row.EndFlush(isWritten);
        if (row.IsIdle)
        {
            _rows.Remove(key);
        }

        return true;
    }
}
