namespace SmartCache.Touches;

/// <summary>
/// The touches of one row on this node that the database does not know yet, in three stages: held by requests that still run,
/// waiting for a flush, and being flushed.
/// </summary>
internal sealed class TouchedRow(Lifetime? known, int holdNumber)
{
    /// <summary>
    /// Touches of a row of unknown lifetime that are further apart than this stay apart: a row with a short window may have died in
    /// between, and one span would revive it.
    /// </summary>
    private const long UnknownWindowMs = 5_000;

    /// <summary>The newest waiting touches.</summary>
    private TouchSpan _waiting;

    /// <summary>The waiting touches before them, in the order of time: only while the database is down and the lifetime unknown. Never changed, but replaced.</summary>
    private TouchSpan[] _waitingBefore = [];

    private TouchSpan _inFlight;
    private TouchSpan _held;
    private int _holds;

    /// <summary>Tells one generation of holds from the next, across all rows: a late release must not end a newer hold.</summary>
    private int _holdNumber = holdNumber;

    /// <summary>The row's lifetime as last read or written; null if this node does not know it.</summary>
    public Lifetime? Known { get; private set; } = known;

    /// <summary>When the queue will look at the row next; null if it will not.</summary>
    public long? WakesAt { get; set; }
    public int WaitingCount => _waitingBefore.Length + (_waiting.IsEmpty ? 0 : 1);
    public bool IsInFlight => !_inFlight.IsEmpty;
    public bool IsIdle => _waiting.IsEmpty && !IsInFlight && _holds == 0;
    private long Window => Known is { } known ? known.SlidingMs ?? long.MaxValue : UnknownWindowMs;

    /// <summary>A tenth of the window, at most a minute.</summary>
    private long Interval => Math.Min(Known.GetValueOrDefault().SlidingMs.GetValueOrDefault() / 10, Touch.LongestIntervalMs);

    /// <summary>The row was read or written: from now on its touches follow its own window.</summary>
    public void Learn(Lifetime lifetime)
    {
        var wasUnknown = Known is null;
        Known = lifetime;
        if (wasUnknown)
            Array.ForEach(TakeWaiting(), Add);
    }

    /// <summary>The touches that the row's columns may not show yet.</summary>
    public UnwrittenTouches Unwritten => new(_inFlight, _waiting, _held, _waitingBefore);

    public void Add(TouchSpan touches)
    {
        if (touches.IsEmpty)
            return;

        // Of a row with a known window, touches that a whole window precedes make those before them meaningless.
        var joined = _waiting.With(touches, Window);
        if (!_waiting.IsEmpty && Known is null && joined.First > _waiting.First)
            (_waitingBefore, _waiting) = ([.. _waitingBefore, _waiting], touches);
        else
            _waiting = joined;
    }

    /// <summary>Counts a touch for this node at once, but keeps it from being written until its request ends.</summary>
    /// <returns>What <see cref="Release"/> takes.</returns>
    public int Hold(long touch)
    {
        _held = _held.With(TouchSpan.At(touch), Window);
        _holds++;
        return _holdNumber;
    }

    public void Release(int hold)
    {
        if (hold == _holdNumber && --_holds == 0)
            _held = default;
    }

    /// <summary>Ends the holds if their requests have run too long, or if this is the last flush.</summary>
    public void EndHolds(long now, bool isLast, int nextHoldNumber)
    {
        if (_holds > 0 && (isLast || HoldDeadline <= now))
        {
            Add(_held);
            (_held, _holds, _holdNumber) = (default, 0, nextHoldNumber);
        }
    }

    /// <summary>Moves the oldest waiting span into flight; only one flush at a time has the row.</summary>
    public TouchSpan BeginFlush()
    {
        if (_waitingBefore is [var oldest, .. var later])
            (_inFlight, _waitingBefore) = (oldest, later);
        else
            (_inFlight, _waiting) = (_waiting, default);

        return _inFlight;
    }

    public void EndFlush(bool isWritten)
    {
        if (isWritten)
        {
            Known = Known?.Touched(_inFlight);
        }
        else
        {
            var later = TakeWaiting();
            Add(_inFlight);
            Array.ForEach(later, Add);
        }

        _inFlight = default;
    }

    /// <summary>A save wrote the expiry itself: the touches up to then mean nothing more.</summary>
    public void Forget(long upTo) => Array.ForEach(TakeWaiting(), span => Add(span.After(upTo)));

    /// <summary>When the queue has to look at the row next.</summary>
    public long WakeTime(long now) => Math.Min(_waiting.IsEmpty ? long.MaxValue : NextDue(now), _holds == 0 ? long.MaxValue : HoldDeadline);

    /// <summary>Whether so little of the row's life is left that a touch should be written at once, so that other nodes still find it live.</summary>
    public bool IsNearEnd(long now) => Known is { } known && known.ExpiresAt - now <= Interval + Touch.FlushPeriodMs;

    /// <summary>
    /// When a waiting touch is to be written: at most once per interval, counted from the last touch that the columns know. A
    /// touch of a row of unknown lifetime goes with the next flush.
    /// </summary>
    public long NextDue(long now) => Known is not { } known || IsNearEnd(now)
        ? now
        : Math.Max(now, known.ExpiresAt - known.SlidingMs.GetValueOrDefault() + Interval);

    private long HoldDeadline => _held.First + Math.Min(Interval, Math.Max(0, Known.GetValueOrDefault().ExpiresAt - _held.First) / 2);

    private TouchSpan[] TakeWaiting()
    {
        TouchSpan[] waiting = _waiting.IsEmpty ? [] : [.. _waitingBefore, _waiting];
        (_waitingBefore, _waiting) = ([], default);
        return waiting;
    }
}
