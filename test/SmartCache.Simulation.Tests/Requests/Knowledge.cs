namespace SmartCache.Simulation.Requests;

/// <summary>What a request has been told of its session: what it changes is seen against that.</summary>
internal sealed class Knowledge
{
    private readonly HashSet<string> _attempted = [];
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
        _attempted.Clear();
    }

    /// <summary>It has been told that its session is stored as it is.</summary>
    public void Stored(IReadOnlyDictionary<string, string> mine) => Found(mine);

    /// <summary>What a store changes, but for the counter; null for an entry that it removes. It may fail, and have taken effect: then it counts for the next.</summary>
    public Dictionary<string, string?> Attempt(IReadOnlyDictionary<string, string> mine)
    {
        var changes = mine.Where(entry => entry.Key != Counter.Name && _base.GetValueOrDefault(entry.Key) != entry.Value).ToDictionary(static entry => entry.Key, static entry => (string?)entry.Value);
        foreach (var removed in _base.Keys.Union(_attempted).Except(mine.Keys).Where(static name => name != Counter.Name))
        {
            changes.Add(removed, null);
        }

        _attempted.UnionWith(changes.Keys);
        return changes;
    }
}
