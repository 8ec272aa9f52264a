using SmartCache.Rows;

namespace SmartCache.Sessions;

/// <summary>What a request knows about one session: what it loaded, and the newest that it has seen of the row.</summary>
internal sealed record SessionSnapshot
{
    /// <summary>The session object that loaded the base; null if it was read outside the session middleware.</summary>
    public object? Owner { get; init; }

    /// <summary>The base of the next save, and the in-doubt writes of earlier ones.</summary>
    public required SaveBasis Basis { get; init; }

    /// <summary>The row's version when the base was loaded or saved.</summary>
    public long BaseVersion { get; init; }

    /// <summary>The newest that this request has seen of the row.</summary>
    public required Row Theirs { get; init; }

    /// <summary>Whether the session was removed, or a save based on it discarded: later saves are discarded too.</summary>
    public bool IsRemoved { get; init; }

    /// <summary>Whether the session middleware that owns it has ended: the next one to end owns another session.</summary>
    public bool HasEnded { get; init; }

    /// <summary>The access of this request that waits for the request's end; null if there is none.</summary>
    public HeldAccess? Held { get; init; }

    /// <summary>Whether the request found no session and has saved none.</summary>
    public bool IsMiss => Basis.Base is null;
}

/// <summary>An access that counts when its request ends, unless the request asks for the opposite.</summary>
/// <param name="At">When it was, in UTC Unix milliseconds.</param>
/// <param name="Hold">What the touch queue knows it by.</param>
internal sealed record HeldAccess(long At, int Hold);
