namespace SmartCache;

/// <summary>
/// The sessions of each user, for a page that lists a user's devices and signs them out. <see cref="SmartCacheOptions.Owner"/> says whose
/// a session is. Only sessions that were saved since then are found.
/// </summary>
public interface ISessionDirectory
{
    /// <summary>Lists the live sessions of an owner, the newest first. It reads them in pages, so you can stop at any time.</summary>
    /// <param name="owner">What <see cref="SmartCacheOptions.Owner"/> returns for the user.</param>
    /// <param name="token">Ends the listing.</param>
    /// <exception cref="ArgumentException"><paramref name="owner"/> cannot be an owner.</exception>
    /// <exception cref="InvalidOperationException">The table has no column for owners. The message contains the statement that adds it.</exception>
    IAsyncEnumerable<SessionInfo> ListAsync(string owner, CancellationToken token = default);

    /// <summary>
    /// Ends one session: its row is deleted, and no request that still runs brings it back. The session of the current request can be ended
    /// too.
    /// </summary>
    /// <param name="owner">The owner of the session. A session of another owner is not ended.</param>
    /// <param name="reference">The session's <see cref="SessionInfo.Reference"/>. It may come from a client.</param>
    /// <param name="token">Cancels the operation.</param>
    /// <returns>Whether there was such a session.</returns>
    Task<bool> EndAsync(string owner, string reference, CancellationToken token = default);

    /// <summary>Ends all sessions of an owner, in batches.</summary>
    /// <param name="owner">The owner.</param>
    /// <param name="exceptCurrent">Whether the session of the current request goes on.</param>
    /// <param name="token">Ends the operation between two batches.</param>
    /// <returns>How many sessions were ended.</returns>
    Task<int> EndAllAsync(string owner, bool exceptCurrent = false, CancellationToken token = default);

    /// <summary>Counts the live sessions of an owner.</summary>
    /// <param name="owner">The owner.</param>
    /// <param name="token">Cancels the operation.</param>
    Task<long> CountAsync(string owner, CancellationToken token = default);

    /// <summary>Counts all live sessions, with and without an owner. The statement reads the whole table.</summary>
    /// <param name="token">Cancels the operation.</param>
    Task<long> CountAllAsync(CancellationToken token = default);
}

/// <summary>A session in an owner's list.</summary>
public sealed class SessionInfo
{
    /// <summary>
    /// Names the session in the owner's list. It is not the session's key, does not tell the key, and is safe to show to the owner.
    /// </summary>
    public required string Reference { get; init; }

    /// <summary>What it is.</summary>
    public required SessionKind Kind { get; init; }

    /// <summary>When the session was first saved.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the session was last used, up to a minute late for requests to other nodes.</summary>
    public required DateTimeOffset LastSeenAt { get; init; }

    /// <summary>When the session ends unless it is used again.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>How many bytes the session has as it is stored, for example encrypted.</summary>
    public required long Size { get; init; }

    /// <summary>Whether it is the session of the current request.</summary>
    public required bool IsCurrent { get; init; }
}

/// <summary>What a directory lists.</summary>
public enum SessionKind
{
    /// <summary>A session of the session middleware.</summary>
    Session,

    /// <summary>A sign-in: a ticket of cookie authentication.</summary>
    Ticket,
}
