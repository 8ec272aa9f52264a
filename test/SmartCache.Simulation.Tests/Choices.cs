namespace SmartCache.Simulation;

/// <summary>Makes the decisions of a schedule. The same decisions give the same schedule.</summary>
internal interface IChoices
{
    /// <summary>Which of the steps is taken. If it goes on, the first is that of the actor who took the last step: any other interrupts it.</summary>
    int Step(int count, bool goesOn);

    /// <summary>What happens to a statement.</summary>
    Fate Fate(ReadOnlySpan<Fate> misfortunes);

    /// <summary>Whether time passes though there are steps to take.</summary>
    bool TimePasses();

    /// <summary>Whether something happens that may happen or not.</summary>
    bool Happens();
}

/// <summary>The actor that has begun goes on, and nothing goes wrong: for the time before and after what is explored.</summary>
internal sealed class FirstChoice : IChoices
{
    public int Step(int count, bool goesOn) => 0;

    public Fate Fate(ReadOnlySpan<Fate> misfortunes) => Simulation.Fate.Fine;

    public bool TimePasses() => false;

    public bool Happens() => false;
}

/// <summary>Decides at random. The distribution differs from seed to seed, because no distribution finds every fault.</summary>
internal sealed class RandomChoices : IChoices
{
    private readonly System.Random _random;
    private readonly double _stays;
    private readonly double _timePasses;
    private readonly double _goesWrong;
    private int _misfortunes;

    public RandomChoices(System.Random random, int misfortunes, bool isSlow)
    {
        _random = random;
        _misfortunes = misfortunes;
        _stays = random.Next(3) switch { 0 => 0, 1 => 0.5, _ => 0.85 };
        _timePasses = isSlow ? 0.04 : 0;
        _goesWrong = random.Next(2) == 0 ? 0.03 : 0.15;
    }

    public int Step(int count, bool goesOn) => goesOn && _random.NextDouble() < _stays ? 0 : _random.Next(count);

    public Fate Fate(ReadOnlySpan<Fate> misfortunes)
    {
        if (_misfortunes == 0 || _random.NextDouble() >= _goesWrong)
            return Simulation.Fate.Fine;

        _misfortunes--;
        return misfortunes[_random.Next(misfortunes.Length)];
    }

    public bool TimePasses() => _timePasses > 0 && _random.NextDouble() < _timePasses;

    public bool Happens() => _random.Next(2) == 0;
}

/// <summary>
/// Tries every decision, depth first: each schedule repeats the one before, up to the last decision that has an alternative
/// left. A few interruptions and misfortunes are enough to find nearly every fault, so their number is limited.
/// </summary>
internal sealed class SystematicChoices(int maxInterruptions, int maxMisfortunes) : IChoices
{
    private readonly List<(int Chosen, int Count)> _decisions = [];
    private int _at;
    private int _interruptions;
    private int _misfortunes;

    /// <summary>Moves on to the next schedule; false if all have been tried.</summary>
    public bool TryNext()
    {
        while (_decisions is [.., var last] && last.Chosen == last.Count - 1)
            _decisions.RemoveAt(_decisions.Count - 1);

        if (_decisions.Count == 0)
            return false;

        _decisions[^1] = (_decisions[^1].Chosen + 1, _decisions[^1].Count);
        Repeat();
        return true;
    }

    /// <summary>The same schedule once more.</summary>
    public void Repeat() => (_at, _interruptions, _misfortunes) = (0, 0, 0);

    public int Step(int count, bool goesOn)
    {
        if (goesOn && _interruptions == maxInterruptions)
            return 0;

        var chosen = Decide(count);
        _interruptions += goesOn && chosen > 0 ? 1 : 0;
        return chosen;
    }

    public Fate Fate(ReadOnlySpan<Fate> misfortunes)
    {
        var chosen = _misfortunes == maxMisfortunes ? 0 : Decide(misfortunes.Length + 1);
        _misfortunes += chosen > 0 ? 1 : 0;
        return chosen == 0 ? Simulation.Fate.Fine : misfortunes[chosen - 1];
    }

    public bool TimePasses() => false;

    public bool Happens() => Decide(2) == 1;

    /// <summary>The decisions of this schedule, for a failure's message.</summary>
    public override string ToString() => string.Join(' ', _decisions.Select(static decision => decision.Chosen));

    private int Decide(int count)
    {
        if (_at == _decisions.Count)
            _decisions.Add((0, count));

        return _decisions[_at++].Chosen;
    }
}
