using SmartCache.Simulation.Database;

namespace SmartCache.Simulation.Choices;

/// <summary>
/// Tries every decision, depth first: each schedule is the one before up to the last decision that has an alternative
/// left. Few interruptions and misfortunes suffice for nearly every fault there is, so their number is bounded.
/// </summary>
internal sealed class SystematicChoices(int maxInterruptions, int maxMisfortunes) : IChoices
{
    private readonly List<(int Chosen, int Count)> _decisions = [];
    private int _at;
    private int _interruptions;
    private int _misfortunes;

    /// <summary>Goes on to the next schedule; false when all have been tried.</summary>
    public bool TryNext()
    {
        while (_decisions is [.., var last] && last.Chosen == last.Count - 1)
        {
            _decisions.RemoveAt(_decisions.Count - 1);
        }

        if (_decisions.Count == 0)
        {
            return false;
        }

        _decisions[^1] = (_decisions[^1].Chosen + 1, _decisions[^1].Count);
        Repeat();
        return true;
    }

    /// <summary>The same schedule once more.</summary>
    public void Repeat() => (_at, _interruptions, _misfortunes) = (0, 0, 0);

    public int Step(int count, bool goesOn)
    {
        if (goesOn && _interruptions == maxInterruptions)
        {
            return 0;
        }

        var chosen = Decide(count);
        _interruptions += goesOn && chosen > 0 ? 1 : 0;
        return chosen;
    }

    public Fate Fate(ReadOnlySpan<Fate> misfortunes)
    {
        var chosen = _misfortunes == maxMisfortunes ? 0 : Decide(misfortunes.Length + 1);
        _misfortunes += chosen > 0 ? 1 : 0;
        return chosen == 0 ? Database.Fate.Fine : misfortunes[chosen - 1];
    }

    public bool TimePasses() => false;

    public bool Happens() => Decide(2) == 1;

    /// <summary>The decisions of this schedule, for a failure's message.</summary>
    public override string ToString() => string.Join(' ', _decisions.Select(static decision => decision.Chosen));

    private int Decide(int count)
    {
        if (_at == _decisions.Count)
        {
            _decisions.Add((0, count));
        }

        return _decisions[_at++].Chosen;
    }
}
