namespace SmartCache.Contract.Schedules;

/// <summary>A request as the reference knows it: what it loaded, and what it has made of it.</summary>
internal sealed class ReferenceRequest(ReferenceSession? loaded)
{
    /// <summary>Null if there was no session.</summary>
    public Dictionary<string, string>? Base { get; set; } = loaded is null ? null : new(loaded.Entries);

    public int Incarnation { get; set; } = loaded?.Incarnation ?? 0;

    public Dictionary<string, string> Mine { get; } = loaded is null ? [] : new(loaded.Entries);

    /// <summary>Whether the stock session saves at its next commit; if not, it only refreshes.</summary>
    public bool IsModified { get; set; }
}
