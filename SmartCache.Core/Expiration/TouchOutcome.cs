namespace SmartCache.Expiration;

/// <summary>What the database said of the touches it was given.</summary>
internal sealed class TouchOutcome
{
    /// <summary>Those that some lock kept from being written: they would still move their row.</summary>
    public HashSet<Touch> Unwritten { get; } = [];

    /// <summary>The lifetimes of rows that this node had not seen, as their columns say after the touch.</summary>
    public List<(Touch Touch, Lifetime Lifetime)> Learned { get; } = [];

    /// <summary>Takes in what a row's columns say after the touch.</summary>
    public void Add(Touch touch, Lifetime lifetime)
    {
        if (lifetime.Touched(touch.First, touch.Last) != lifetime)
        {
            Unwritten.Add(touch);
        }
        else if (touch.IsOfUnseenRow && lifetime is { IsFixed: false } && lifetime.IsLiveAt(touch.Last))
        {
            Learned.Add((touch, lifetime));
        }
    }
}
