namespace SmartCache.Simulation;

/// <summary>
/// What a schedule is about. First come the plans of before, one after the other and without misfortune; then the others,
/// all at once unless a plan says when.
/// </summary>
internal sealed record Workload(Setting Setting, IReadOnlyList<Plan> Before, IReadOnlyList<Plan> Plans)
{
    public bool Kills => Plans.Any(static plan => plan.IsFromOutside);
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

    /// <summary>How many statements run before the next ones wait to share one; 0 if none are shared.</summary>
    public int CoalescingConnections { get; init; }

    /// <summary>Whether time may pass while there is work to do, so that a statement may take minutes.</summary>
    public bool IsSlow { get; init; }

    /// <summary>How many statements may go wrong.</summary>
    public int Misfortunes { get; init; }
    public Flaw Flaw { get; init; }
    public bool Shares => CoalescingConnections > 0;
    public SimulatedDialect Dialect => new(TouchesMany, Shares);

    /// <summary>Whether all touches are written in time.</summary>
    public bool IsPrompt => !IsSlow && Misfortunes == 0;
}

/// <summary>Something that happens on a node, some time after the begin of a schedule.</summary>
internal record Plan(string Name, int Node, TimeSpan After, Func<World, SimulatedNode, Task>? Work = null)
{
    /// <summary>Whether it happens to the node. What the node does itself ends with the node.</summary>
    public bool IsFromOutside { get; private init; }

    /// <summary>Code outside of a request removes a session, as a back office does.</summary>
    public static Plan Removal(int node, TimeSpan after, string key) => new("removal", node, after, async (world, at) =>
    {
        var removal = new SessionRemoval("removal", at, world.History.Next());
        world.History.Of(key).Removals.Add(removal);
        await IgnoringFaultsAsync(world.History.FollowAsync(removal, () => at.Cache.RemoveAsync(key)));
    });

    /// <summary>A caller has the waiting touches written, or expired rows removed, now.</summary>
    public static Plan Flush(int node, TimeSpan after, bool sweeps) =>
        new("flush", node, after, (_, at) => IgnoringFaultsAsync(sweeps ? at.Cache.RemoveExpiredAsync() : at.Cache.FlushAsync()));

    /// <summary>A node's process is killed.</summary>
    public static Plan Kill(int node, TimeSpan after) => new("killer", node, after, static (_, at) => at.DieAsync()) { IsFromOutside = true };

    public async Task RunAsync(World world)
    {
        if (After > TimeSpan.Zero)
            await world.Time.DelayAsync(After);

        await world.Agenda.ReachAsync("begins");
        await DoAsync(world, world.Nodes[Node]);
    }

    public override string ToString() => $"{Name} on node {Node} after {After.TotalSeconds} s";

    protected virtual Task DoAsync(World world, SimulatedNode node) => Work!(world, node);

    /// <summary>The history has the fault. What was to be written or removed waits for the next time.</summary>
    private static async Task IgnoringFaultsAsync(Task work)
    {
        try
        {
            await work;
        }
        catch (SimulatedFault)
        {
        }
    }
}

/// <summary>A request of a session.</summary>
internal sealed record RequestPlan(string Name, int Node, TimeSpan After, string Key, params IReadOnlyList<Deed> Deeds) : Plan(Name, Node, After)
{
    public override string ToString() => $"{base.ToString()}: {string.Join(", ", Deeds)}";

    protected override Task DoAsync(World world, SimulatedNode node) => new RequestRun(world, node, this).RunAsync();
}
