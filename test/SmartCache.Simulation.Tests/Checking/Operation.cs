using SmartCache.Simulation.Nodes;

namespace SmartCache.Simulation.Checking;

/// <summary>Something that a caller asked of a node's cache, from the call to the answer.</summary>
internal abstract class Operation(string name, SimulatedNode node, long begin)
{
    /// <summary>Later than any clock, and far from an overflow.</summary>
    private const long EndOfTime = long.MaxValue / 2;

    public SimulatedNode Node => node;

    /// <summary>When it was called, in the order of events.</summary>
    public long Begin => begin;

    /// <summary>When it was answered; not yet, or never, if it is the end of time.</summary>
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

    /// <summary>Whether something at that moment may be its doing: what failed may still take effect later.</summary>
    public bool Spans(long at) => Begin <= at && (at <= End || !IsAcknowledged);

    public override string ToString() => name;
}
