namespace SmartCache.Simulation;

/// <summary>
/// What a schedule is about. First come the plans of before, one after the other and without misfortune; then the others,
/// all at once unless a plan says when.
/// </summary>
internal sealed record Workload(Setting Setting, IReadOnlyList<Plan> Before, IReadOnlyList<Plan> Plans)
{
    public bool Kills => Plans.Any(static plan => plan is KillPlan);
}

/// <summary>The conditions of a schedule: the nodes, their options, and how the database behaves.</summary>
internal sealed record Setting
{
    public const int PlentyOfConnections = 64;

    public static readonly TimeSpan Window = TimeSpan.FromMinutes(2);
    public static readonly TimeSpan Grace = SmartCacheOptions.LongestFlushDelay;
    public static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(30);

    /// <summary>How far each node's clock is ahead of the true time, one for each node.</summary>
    public IReadOnlyList<TimeSpan> Clocks { get; init; } = [default, default];

    public ConcurrencyMode Concurrency { get; init; }

    public RefreshMode RefreshMode { get; init; }

    public RemovedSessionPolicy RemovedDuringRequest { get; init; }

    /// <summary>Whether the stock session reads once more before it saves, as it does at log level Information.</summary>
    public bool ReadsAgain { get; init; }

    /// <summary>Whether requests count, in an entry that the options declare as added up.</summary>
    public bool Counts { get; init; }

    public int MaxConnections { get; init; } = PlentyOfConnections;

    /// <summary>Several masters do not share their row locks.</summary>
    public bool HasRowLocks { get; init; } = true;

    /// <summary>Whether the database fails a statement that finds its row changed, as under REPEATABLE READ, or affects no row.</summary>
    public bool IsStrict { get; init; }

    /// <summary>Whether many rows are touched by one statement.</summary>
    public bool TouchesMany { get; init; } = true;

    /// <summary>Whether time may pass while there is work to do, so that a statement may take minutes.</summary>
    public bool IsSlow { get; init; }

    /// <summary>How many statements may go wrong.</summary>
    public int Misfortunes { get; init; }

    public Flaw Flaw { get; init; }

    public SimulatedDialect Dialect => new(TouchesMany);

    /// <summary>Whether nothing ever keeps an touch from being written in time.</summary>
    public bool IsPrompt => !IsSlow && Misfortunes == 0;
}
