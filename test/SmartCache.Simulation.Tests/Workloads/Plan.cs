namespace SmartCache.Simulation;

/// <summary>Something that happens on a node, some time after the begin of a schedule.</summary>
internal abstract record Plan(string Name, int Node, TimeSpan After)
{
    /// <summary>Whether it happens to the node. What the node does itself ends with the node.</summary>
    public virtual bool IsFromOutside => false;

    public async Task RunAsync(World world)
    {
        if (After > TimeSpan.Zero)
        {
            await world.Time.DelayAsync(After);
        }

        await world.Agenda.ReachAsync("begins");
        await DoAsync(world, world.Nodes[Node]);
    }

    protected abstract Task DoAsync(World world, SimulatedNode node);
}

/// <summary>A request of a session.</summary>
internal sealed record RequestPlan(string Name, int Node, TimeSpan After, string Key, params IReadOnlyList<Deed> Deeds) : Plan(Name, Node, After)
{
    protected override Task DoAsync(World world, SimulatedNode node) => new RequestRun(world, node, this).RunAsync();

    public override string ToString() => $"{Name} on node {Node} after {After.TotalSeconds} s: {string.Join(", ", Deeds)}";
}

/// <summary>Code outside of a request removes a session, as a back office does.</summary>
internal sealed record RemovePlan(string Name, int Node, TimeSpan After, string Key) : Plan(Name, Node, After)
{
    protected override async Task DoAsync(World world, SimulatedNode node)
    {
        var removal = new SessionRemoval(Name, node, world.History.Next());
        world.History.Of(Key).Removals.Add(removal);
        try
        {
            await world.History.FollowAsync(removal, () => node.Cache.RemoveAsync(Key));
        }
        catch (SimulatedFault)
        {
            // The caller is told, and the history has it.
        }
    }
}

/// <summary>A caller has the waiting touches written, or expired rows removed, now.</summary>
internal sealed record FlushPlan(string Name, int Node, TimeSpan After, bool Sweeps) : Plan(Name, Node, After)
{
    protected override async Task DoAsync(World world, SimulatedNode node)
    {
        try
        {
            await (Sweeps ? node.Cache.RemoveExpiredAsync() : node.Cache.FlushAsync());
        }
        catch (SimulatedFault)
        {
            // The touches wait for the next flush, the rows for the next sweep.
        }
    }
}

/// <summary>A node's process is killed.</summary>
internal sealed record KillPlan(int Node, TimeSpan After) : Plan("killer", Node, After)
{
    public override bool IsFromOutside => true;

    protected override Task DoAsync(World world, SimulatedNode node)
    {
        node.Die();
        return Task.CompletedTask;
    }
}
