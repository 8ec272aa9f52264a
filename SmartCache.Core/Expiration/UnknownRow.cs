namespace SmartCache.Expiration;

/// <summary>
/// Accesses to a row whose window is unknown. Those further apart than a while are kept apart, and written one flush
/// after the other: in between a row with a short window may have died, and one span over both would revive it.
/// There is more than one only while the database is down.
/// </summary>
internal sealed class UnknownRow
{
    private const long WhileMs = 5_000;

    private readonly List<AccessSpan> _waiting = new(1);

    public AccessSpan InFlight { get; private set; }

    /// <summary>How many flushes it takes to write what waits.</summary>
    public int WaitingCount => _waiting.Count;

    public bool IsIdle => InFlight.IsEmpty && _waiting.Count == 0;

    /// <summary>Adds the accesses, those being flushed first.</summary>
    public void AddTo(List<AccessSpan> accesses)
    {
        accesses.AddUnlessEmpty(InFlight);
        accesses.AddRange(_waiting);
    }

    public void Note(AccessSpan accesses)
    {
        if (accesses.IsEmpty)
        {
            return;
        }

        if (_waiting.Count > 0 && _waiting[^1].With(accesses, WhileMs) is var joined && joined.First <= _waiting[^1].First)
        {
            _waiting[^1] = joined;
        }
        else
        {
            _waiting.Add(accesses);
        }
    }

    public AccessSpan[] TakeWaiting()
    {
        var waiting = _waiting.ToArray();
        _waiting.Clear();
        return waiting;
    }

    public AccessSpan BeginFlush()
    {
        if (!InFlight.IsEmpty || _waiting.Count == 0)
        {
            return default;
        }

        InFlight = _waiting[0];
        _waiting.RemoveAt(0);
        return InFlight;
    }

    public void EndFlush(bool isWritten)
    {
        var later = isWritten ? [] : TakeWaiting();
        if (!isWritten)
        {
            Note(InFlight);
        }

        InFlight = default;
        foreach (var accesses in later)
        {
            Note(accesses);
        }
    }
}
