namespace SmartCache.Sessions;

/// <summary>What a request knows of one session: what it loaded, and the newest it has seen of the row.</summary>
internal sealed record SessionSnapshot
{
    /// <summary>The session object the base was loaded for; null if it was read outside the session middleware.</summary>
    public object? Owner { get; init; }

    /// <summary>What the request loaded, or last stored itself; null if there was no live session.</summary>
    public SessionPayload? Base { get; init; }

    /// <summary>The row's session as last seen: the incarnation the base belongs to carries its id.</summary>
    public SessionPayload? Incarnation { get; init; }

    /// <summary>The stamp of the row when the base was loaded or stored.</summary>
    public long BaseVersion { get; init; }

    /// <summary>The newest this request has seen of the row.</summary>
    public required RowView Theirs { get; init; }

    /// <summary>The session was removed, or a store based on it discarded: later ones are too.</summary>
    public bool IsRemoved { get; init; }

    /// <summary>A store whose outcome is open.</summary>
    public PendingStore? Pending { get; init; }

    /// <summary>Its middleware has ended: what ends after it is another session.</summary>
    public bool HasEnded { get; init; }

    /// <summary>The access of this request that waits for its end; null if there is none.</summary>
    public HeldTouch? Held { get; init; }

    /// <summary>The request found no session and has stored none.</summary>
    public bool IsMiss => Base is null;
}
