namespace SmartCache.Simulation;

/// <summary>A call of a node's cache, from the call to the answer.</summary>
internal abstract class Operation(string name, SimulatedNode node, long begin)
{
    /// <summary>Later than any clock, and far from an overflow.</summary>
    private const long EndOfTime = long.MaxValue / 2;

    public SimulatedNode Node => node;

    /// <summary>When it was called, in the order of events.</summary>
    public long Begin => begin;

    /// <summary>When it was answered; the end of time if it was not.</summary>
    public long End { get; private set; } = long.MaxValue;

    /// <summary>When it was answered, in true time.</summary>
    public long EndTicks { get; private set; } = long.MaxValue;

    /// <summary>The node's clock when it was called.</summary>
    public long ClockAtBegin { get; } = node.Time.Milliseconds;

    /// <summary>The node's clock when it was answered.</summary>
    public long ClockAtEnd { get; private set; } = EndOfTime;

    /// <summary>Whether the caller was told that it succeeded.</summary>
    public bool IsAcknowledged { get; private set; }

    public void Ended(long at, long ticks, bool isAcknowledged)
    {
        (End, EndTicks, ClockAtEnd, IsAcknowledged) = (at, ticks, node.Time.Milliseconds, isAcknowledged);
    }

    /// <summary>Whether it may have caused something at that moment. A call that failed may still take effect later.</summary>
    public bool Spans(long at) => Begin <= at && (at <= End || !IsAcknowledged);

    public override string ToString() => name;
}

/// <summary>A request loaded its session.</summary>
internal sealed class SessionRead(string name, SimulatedNode node, long begin) : Operation(name, node, begin)
{
    /// <summary>The incarnation that was found; null if there was none.</summary>
    public Guid? Incarnation { get; set; }
    public IReadOnlyDictionary<string, string> Entries { get; set; } = new Dictionary<string, string>();
}

/// <summary>A save of a request. Its changes are those of entries other than the counter. It has a base if it found a session, or saved one before.</summary>
internal sealed class SessionSave(string name, SimulatedNode node, long begin, long requestBegin, bool hadBase, IReadOnlyDictionary<string, Attempt> changes)
    : Operation(name, node, begin)
{
    public long RequestBegin => requestBegin;
    public bool HadBase => hadBase;
    public IReadOnlyDictionary<string, Attempt> Changes => changes;

    /// <summary>What it added to the counter.</summary>
    public decimal Count { get; init; }

    /// <summary>The incarnation that the request had loaded; null if it had found none.</summary>
    public Guid? Loaded { get; init; }

    /// <summary>Whether the request asked not to keep the session alive.</summary>
    public bool SkipsRefresh { get; init; }

    /// <summary>Whether the cache discarded the save, because the session had been removed. It logs that.</summary>
    public bool IsDiscarded { get; set; }

    /// <summary>Whether its changes are in the row from now on.</summary>
    public bool IsSaved => IsAcknowledged && !IsDiscarded;
}

/// <summary>A caller removed a session.</summary>
internal sealed class SessionRemoval(string name, SimulatedNode node, long begin) : Operation(name, node, begin);

/// <summary>An operation that keeps a session alive, and the latest moment at which it may have done so, in Unix milliseconds of the node's clock.</summary>
internal sealed class Touch(Operation operation, Func<long> latest)
{
    public Operation Operation => operation;

    /// <summary>The earliest moment at which it may have been.</summary>
    public long Earliest => operation.ClockAtBegin;
    public long Latest => latest();

    /// <summary>The operation whose end makes it count; null if it does not have to count.</summary>
    public Operation? Counting { get; set; }

    /// <summary>Whether it must keep the session from expiring.</summary>
    public bool Counts => Counting is { IsAcknowledged: true };
}
