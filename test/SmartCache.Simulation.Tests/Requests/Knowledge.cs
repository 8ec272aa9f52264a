namespace SmartCache.Simulation.Requests;

/// <summary>What a request has been told of its session: what it changes is seen against that.</summary>
internal sealed class Knowledge
{
    private readonly Dictionary<string, List<Attempt>> _attempts = [];
    private IReadOnlyDictionary<string, string> _base = new Dictionary<string, string>();

    /// <summary>Whether it has found a session, or stored one.</summary>
    public bool HasBase { get; private set; }

    /// <summary>The number that it has found in the counter, or stored there.</summary>
    public decimal Count => Counter.Of(_base);

    /// <summary>It begins to load, and knows nothing until it has.</summary>
    public void Forget() => Found(null);

    /// <summary>It has loaded the session; null if there was none.</summary>
    public void Found(IReadOnlyDictionary<string, string>? entries)
    {
        (HasBase, _base) = (entries is not null, entries ?? new Dictionary<string, string>());
        _attempts.Clear();
    }

    /// <summary>It has been told that its session is stored as it is.</summary>
    public void Stored(IReadOnlyDictionary<string, string> mine) => Found(mine);

    /// <summary>What a store changes, but for the counter. It may fail, and have taken effect: then it counts for the next.</summary>
    /// <param name="mine">What it stores.</param>
    /// <param name="at">When, in the order of events.</param>
    public IReadOnlyDictionary<string, Attempt> Try(IReadOnlyDictionary<string, string> mine, long at)
    {
        var names = mine.Keys.Union(_base.Keys).Union(_attempts.Keys).Where(static name => name != Counter.Name).ToList();
        foreach (var name in names.Where(name => _attempts.ContainsKey(name) || mine.GetValueOrDefault(name) != _base.GetValueOrDefault(name)))
        {
            var value = mine.GetValueOrDefault(name);
            var earlier = _attempts.GetValueOrDefault(name) ?? [];
            var isSame = earlier is [.., var last] && last.Value == value;
            var isTakenBack = value == _base.GetValueOrDefault(name);
            _attempts[name] = [.. earlier, new Attempt(value, isSame ? earlier[^1].Since : at, isTakenBack ? [.. earlier.Select(static attempt => attempt.Value)] : null)];
        }

        return _attempts.ToDictionary(static entry => entry.Key, static entry => entry.Value[^1]);
    }
}
