namespace SmartCache.Simulation;

/// <summary>Draws a random workload of few sessions and few names, so that requests meet.</summary>
internal sealed class RandomWorkload(System.Random random)
{
    private static readonly string[] Names = ["a", "b", "c"];
    private static readonly string[] Keys = [.. Enumerable.Range(1, 4).Select(static number => $"5e551000-0000-4000-8000-00000000000{number}")];
    private static readonly double[] Moments = [0.3, 1, 1.5, 5, 11.9, 12.5, 13, 60, 100, 107, 115, 119.9, 120, 121, 150, 181, 190, 250];

    private int _nodes;
    private int _keys;
    private bool _isCrowd;
    private bool _hasPlentyOfConnections;
    private bool _counts;
    private int _places;

    public Workload Draw(Flaw flaw)
    {
        // Saves share a statement if three sessions or more meet on a node.
        _isCrowd = Chance(0.3);
        _nodes = _isCrowd ? Chance(0.7) ? 1 : 2 : random.Next(5) switch { 0 => 1, 4 => 3, _ => 2 };
        _keys = _isCrowd ? Keys.Length : Chance(0.2) ? 2 : 1;
        var setting = DrawSetting() with { Flaw = flaw };
        _counts = setting.Counts;
        _hasPlentyOfConnections = setting.MaxConnections == Setting.PlentyOfConnections;
        var before = Chance(0.7) ? Keys.Take(_keys).Select((key, number) => Beginning(key, number)) : [];
        var requests = _isCrowd ? random.Next(6, 12) : random.Next(2, 7);
        return new Workload(setting, [.. before], [.. Enumerable.Range(1, requests).Select(DrawRequest), .. DrawOthers()]);
    }

    private RequestPlan Beginning(string key, int number) => new RequestPlan(
        $"beginning {number}", 0, default, key, [new(DeedKind.Load), .. Names.Select(static name => new Deed(DeedKind.Set, name)), .. _counts ? [DrawCount()] : Array.Empty<Deed>()]);

    private Setting DrawSetting()
    {
        var setting = DrawOptions();

        // A request that begins a session anew from what it had loaded brings back what others had counted before.
        return setting with { Counts = setting.RemovedDuringRequest == RemovedSessionPolicy.Discard && Chance(0.4) };
    }

    private Setting DrawOptions() => new()
    {
        Clocks = [.. Enumerable.Range(0, _nodes).Select(_ => Chance(0.6) ? default : TimeSpan.FromSeconds(random.Next(-30, 31)))],
        Concurrency = Chance(0.25) ? ConcurrencyMode.Pessimistic : ConcurrencyMode.Optimistic,
        RefreshMode = Chance(0.2) ? RefreshMode.Immediate : RefreshMode.Deferred,
        RemovedDuringRequest = Chance(0.2) ? RemovedSessionPolicy.Recreate : RemovedSessionPolicy.Discard,
        ReadsAgain = Chance(0.2),
        MaxConnections = random.Next(4) switch { 0 => 1, 1 => 2, _ => Setting.PlentyOfConnections },
        HasRowLocks = Chance(0.75),
        IsStrict = Chance(0.2),
        TouchesMany = Chance(0.6),
        CoalescingConnections = _isCrowd ? 1 : random.Next(3),
        IsSlow = Chance(0.3),
        Misfortunes = Chance(0.45) ? 0 : random.Next(1, 4),
    };

    private IEnumerable<Plan> DrawOthers()
    {
        if (Chance(0.25))
            yield return Plan.Removal(random.Next(_nodes), DrawMoment(), DrawKey());

        if (Chance(0.15))
            yield return Plan.Flush(random.Next(_nodes), DrawMoment(), sweeps: Chance(0.5));

        if (Chance(0.1))
            yield return Plan.Kill(random.Next(_nodes), DrawMoment());
    }

    private RequestPlan DrawRequest(int number) => new($"request {number}", random.Next(_nodes), DrawMoment(), DrawKey(), [.. DrawDeeds()]);

    private IEnumerable<Deed> DrawDeeds()
    {
        if (Chance(0.08))
        {
            // A request that never looks at its session.
            yield break;
        }

        // A synchronous caller that has to wait for a connection would stop the simulation.
        yield return new Deed(Chance(0.2) && _hasPlentyOfConnections ? DeedKind.LoadAtOnce : DeedKind.Load);
        if (DrawFlag() is { } flag)
            yield return new Deed(flag);

        for (var deeds = random.Next(0, 4); deeds > 0; deeds--)
            yield return DrawDeed();
    }

    private DeedKind? DrawFlag() => random.Next(12) switch
    {
        0 => DeedKind.SkipSave,
        1 => DeedKind.ForceSave,
        2 => DeedKind.SkipRefresh,
        3 => DeedKind.Abandon,
        _ => null,
    };

    private Deed DrawDeed() => random.Next(16) switch
    {
        // Removing a counter also removes what others have counted meanwhile.
        0 => _counts ? new Deed(DeedKind.Commit) : new Deed(DeedKind.Clear),
        1 or 2 => new Deed(DeedKind.Commit),
        3 => new Deed(DeedKind.CommitUnlessCancelled),
        4 => new Deed(DeedKind.ExecuteAnew),
        5 => new Deed(DeedKind.Wait, Time: TimeSpan.FromSeconds(Moments[random.Next(Moments.Length)])),
        6 or 7 or 8 => new Deed(DeedKind.Remove, DrawName()),
        9 or 10 or 11 or 12 when _counts && _places < Counter.MaxPlaces => DrawCount(),
        _ => new Deed(DeedKind.Set, DrawName()),
    };

    private Deed DrawCount() => new(DeedKind.Count, Place: _places++);

    private string DrawName() => Names[random.Next(Names.Length)];

    private string DrawKey() => Keys[random.Next(_keys)];

    private TimeSpan DrawMoment() => Chance(_isCrowd ? 0.9 : 0.7) ? default : TimeSpan.FromSeconds(Moments[random.Next(Moments.Length)]);

    private bool Chance(double probability) => random.NextDouble() < probability;
}
