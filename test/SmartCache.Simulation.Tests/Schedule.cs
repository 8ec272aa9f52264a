namespace SmartCache.Simulation;

/// <summary>One run of a workload, from empty nodes to an empty table.</summary>
internal sealed class Schedule(Workload workload, IChoices choices, int seed, Trace trace)
{
    private readonly World _world = new(workload.Setting, seed, trace);

    /// <summary>Whether it does not wait for the table to empty.</summary>
    public bool EndsWithRequests { get; init; }

    /// <summary>Runs it.</summary>
    /// <returns>What rule was broken; null if none.</returns>
    public string? Run()
    {
        try
        {
            WarmUp();
            _world.Choices = choices;
            workload.Plans.ToList().ForEach(Begin);
            _world.Run();
            _world.Choices = new FirstChoice();
            LookAgain();
            if (!EndsWithRequests)
                LetExpire();
        }
        catch (ViolationException violation)
        {
            return violation.Message;
        }

        return Rulebook.FindViolation(_world.History, workload);
    }

    private IEnumerable<SimulatedNode> LivingNodes => _world.Nodes.Where(static node => !node.IsDead);

    /// <summary>Each node checks its table, and the rows are created that the schedule needs.</summary>
    private void WarmUp()
    {
        foreach (var node in _world.Nodes)
            node.Actor.Do(() => node.Cache.Get("nothing"));

        foreach (var plan in workload.Before)
        {
            Begin(plan);
            _world.Run();
        }
    }

    private void Begin(Plan plan) => _world.Begin(new Actor(plan.Name, plan.IsFromOutside ? null : _world.Nodes[plan.Node]), () => plan.RunAsync(_world));

    /// <summary>Every living node loads every session once more.</summary>
    private void LookAgain()
    {
        foreach (var key in _world.History.Sessions.Select(static session => session.Key).ToList())
        {
            foreach (var node in LivingNodes)
            {
                Begin(new RequestPlan($"look at {node}", _world.Nodes.ToList().IndexOf(node), default, key, new Deed(DeedKind.Load)));
                _world.Run();
            }
        }
    }

    /// <summary>When no more requests come, every row is removed in the end.</summary>
    private void LetExpire()
    {
        if (LivingNodes.FirstOrDefault() is not { } node)
            return;

        // A node that died may hold the sweep for a minute by its own clock, and other nodes then wait for an interval.
        var longestDelay = SmartCacheOptions.LongestFlushDelay + TimeSpan.FromMinutes(1);
        var longestTurn = TimeSpan.FromMinutes(1) + Setting.Grace + Setting.SweepInterval;
        _world.Begin(node.Actor, () => _world.Time.DelayAsync(Setting.Window + Setting.Grace + (2 * Setting.SweepInterval) + longestDelay + longestTurn));
        _world.Run();
        if (_world.Server.Rows.Keys.Count > 0)
            throw new ViolationException($"Expired rows are never removed: {string.Join(", ", _world.Server.Rows.Keys)}.");
    }
}
