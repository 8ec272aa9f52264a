namespace SmartCache.Simulation.Checking;

/// <summary>An operation that keeps a session alive.</summary>
/// <param name="operation">What it is part of.</param>
/// <param name="latest">The latest moment at which it may have been, by the node's clock, in Unix milliseconds.</param>
internal sealed class Access(Operation operation, Func<long> latest)
{
    public Operation Operation => operation;

    /// <summary>The earliest moment at which it may have been.</summary>
    public long Earliest => operation.ClockAtBegin;

    public long Latest => latest();

    /// <summary>The operation whose end makes it count; null if it never need count.</summary>
    public Operation? Counting { get; set; }

    /// <summary>Whether the session must not expire for it.</summary>
    public bool Counts => Counting is { IsAcknowledged: true };
}
