namespace SmartCache.Expiration;

/// <summary>
/// The accesses to one row on this node that the database has not seen, in three stages: held by requests that still
/// run, waiting for a flush, and being flushed.
/// </summary>
internal sealed class TouchedRow(Lifetime known, int holdNumber)
{
    /// <summary>The row's lifetime as last read or written.</summary>
    public Lifetime Known { get; set; } = known;

    /// <summary>The time under which the queue will look at the row next.</summary>
    public long? WakesAt { get; set; }

    public AccessSpan Waiting { get; private set; }

    public AccessSpan InFlight { get; private set; }

    public AccessSpan Held { get; private set; }

    public int Holds { get; private set; }

    /// <summary>Tells one generation of holds from the next, over all rows of the queue: a late release ends no newer hold.</summary>
    public int HoldNumber { get; private set; } = holdNumber;

    public bool IsIdle => Waiting.IsEmpty && InFlight.IsEmpty && Holds == 0;

    private long Window => Known.SlidingMs ?? long.MaxValue;

    /// <summary>Adds what the row's columns may not show yet.</summary>
    public void AddTo(List<AccessSpan> accesses)
    {
        accesses.AddUnlessEmpty(InFlight);
        accesses.AddUnlessEmpty(Waiting);
        accesses.AddUnlessEmpty(Held);
    }

    public void Note(AccessSpan accesses) => Waiting = Waiting.With(accesses, Window);

    public int Hold(long access)
    {
        Held = Held.With(AccessSpan.At(access), Window);
        Holds++;
        return HoldNumber;
    }

    public void Release(int hold)
    {
        if (hold == HoldNumber && --Holds == 0)
        {
            Held = default;
        }
    }

    /// <summary>Held accesses have waited long enough for their requests to end.</summary>
    public void EndHolds(int nextHoldNumber)
    {
        Note(Held);
        Held = default;
        Holds = 0;
        HoldNumber = nextHoldNumber;
    }

    public AccessSpan BeginFlush()
    {
        InFlight = Waiting;
        Waiting = default;
        return InFlight;
    }

    public void EndFlush(bool isWritten)
    {
        if (isWritten)
        {
            Known = Known.Touched(InFlight.First, InFlight.Last);
        }
        else
        {
            Note(InFlight);
        }

        InFlight = default;
    }

    /// <summary>A store wrote the expiry itself: accesses up to then are history.</summary>
    public void Forget(long upTo) => Waiting = Waiting.After(upTo);
}
