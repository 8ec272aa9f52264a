using SmartCache.Payloads;
using SmartCache.Rows;

namespace SmartCache.Sessions;

/// <summary>
/// What one request knows about one key of one cache: a snapshot for each session object that loaded it, in the order of the first
/// loads. Saves, refreshes and removals have it one after the other; disposing it lets the next one go on.
/// </summary>
internal sealed class RequestedKey(SessionRequest request, object cache, CacheKey key) : IDisposable
{
    private SessionSnapshot[] _snapshots = [];
    private SemaphoreSlim? _gate;
    private int _users;

    public object Cache => cache;
    public CacheKey Key => key;

    /// <summary>When the session was saved or removed before the response started; null if it was not.</summary>
    public long? SettledAt { get; set; }

    /// <summary>What became of the last save, for metrics.</summary>
    public string Outcome { get; set; } = "unchanged";

    /// <summary>Whether the row has been told its owner although nothing was saved.</summary>
    public bool HasOwner { get; set; }

    /// <summary>Whether it says nothing, and no one is about to change that.</summary>
    public bool IsUnused => _users == 0 && _snapshots.Length == 0 && SettledAt is null;

    /// <summary>Whether it only says that there was no session, and no one is about to change that.</summary>
    public bool IsIdleMiss => _users == 0 && Array.TrueForAll(_snapshots, static snapshot => snapshot is { IsMiss: true, Held: null });

    /// <summary>Whether a touch is held until the request's end.</summary>
    public bool HoldsTouch => Array.Exists(_snapshots, static snapshot => snapshot.Held is not null);

    /// <summary>
    /// The snapshot of a session object. Without one, as at the end of a request, that of the session that was loaded last and has not
    /// ended: session middleware nests, or runs again after the first run has ended.
    /// </summary>
    public SessionSnapshot? Find(object? session)
    {
        lock (request.Lock)
        {
            return session is not null ? FindOwn(session)
                : Array.FindLast(_snapshots, static snapshot => !snapshot.HasEnded) ?? (_snapshots.Length == 0 ? null : _snapshots[^1]);
        }
    }

    /// <summary>The same for a commit: without a session object, the session ends with it.</summary>
    public SessionSnapshot? FindForCommit(object? session)
    {
        lock (request.Lock)
        {
            var snapshot = Find(session);
            if (session is null && snapshot is { HasEnded: false })
                Put(snapshot = snapshot with { HasEnded = true });

            return snapshot;
        }
    }

    /// <summary>What the request has known and forgotten: that it found no session.</summary>
    /// <param name="found">What has been read since then; null if nothing has.</param>
    /// <returns>Null if the request has forgotten nothing.</returns>
    public SessionSnapshot? RecallMiss(object? session, SessionSnapshot? found)
    {
        lock (request.Lock)
        {
            if (!request.HasForgotten)
                return null;

            var snapshot = found is null
                ? New(session, null, Row.Absent) with { HasEnded = session is null }
                : found with { Basis = new SaveBasis(null, null, found.Basis.InDoubt) };
            Put(snapshot);
            return snapshot;
        }
    }

    /// <summary>
    /// Takes in a completed read. The first one for a session object is the base. A later one for the same object, or without one at the
    /// commit (the stock session reads again at log level Information), only renews what is known of theirs. Another object means that
    /// the middleware runs again in this request, or within itself.
    /// </summary>
    /// <returns>Whether the read is a base and found no session.</returns>
    public bool Observe(object? owner, Row row, bool isLive, (long At, int Hold)? held)
    {
        // Bytes are kept only if they may be merged with.
        row = isLive && row.Session is not null ? row : row with { Session = null, Value = [] };
        lock (request.Lock)
        {
            if (Find(owner) is { } known)
            {
                Put(known with { Theirs = row, Held = held ?? known.Held });
                return false;
            }

            Put(New(owner, row.Session, row, held ?? TakeHeld()));
            return row.Session is null;
        }
    }

    /// <summary>Changes what one session object knows.</summary>
    public void Renew(object? owner, Func<SessionSnapshot, SessionSnapshot> change)
    {
        lock (request.Lock)
        {
            if (FindOwn(owner) is { } known)
                Put(change(known));
        }
    }

    /// <summary>Changes what every session object knows.</summary>
    public void RenewAll(Func<SessionSnapshot, SessionSnapshot> change)
    {
        lock (request.Lock)
            _snapshots = Array.ConvertAll(_snapshots, snapshot => change(snapshot));
    }

    /// <summary>The key has another value now: what was loaded is no base for it.</summary>
    public void Forget()
    {
        lock (request.Lock)
            _snapshots = [];
    }

    /// <summary>Takes the touch that is held until the request's end; null if there is none.</summary>
    public (long At, int Hold)? TakeHeld()
    {
        lock (request.Lock)
        {
            var holder = Array.Find(_snapshots, static snapshot => snapshot.Held is not null);
            if (holder is not null)
                Put(holder with { Held = null });

            return holder?.Held;
        }
    }

    /// <summary>Counts a user in. Called with the lock held.</summary>
    /// <returns>The gate to wait at; null if there is no other user.</returns>
    public SemaphoreSlim? Enter() => ++_users == 1 ? null : _gate ??= new SemaphoreSlim(0);

    /// <summary>Counts a user out and lets the next one go on. Called with the lock held.</summary>
    /// <param name="hasPassed">False if it waited in vain: a place that was given to it all the same is left to the next.</param>
    public void Leave(bool hasPassed)
    {
        if (--_users == 0)
            _gate = null;
        else if (hasPassed)
            _gate!.Release();
    }

    public void Dispose() => request.Leave(this, hasPassed: true);

    private static SessionSnapshot New(object? owner, SessionPayload? session, Row row, (long At, int Hold)? held = null) =>
        new() { Owner = owner, Basis = new SaveBasis(session, session, []), BaseVersion = row.Version, Theirs = row, Held = held };

    private SessionSnapshot? FindOwn(object? owner) => IndexOf(owner) is >= 0 and var index ? _snapshots[index] : null;

    private void Put(SessionSnapshot snapshot)
    {
        var index = IndexOf(snapshot.Owner);
        if (index < 0)
            _snapshots = [.. _snapshots, snapshot];
        else
            _snapshots[index] = snapshot;
    }

    // A loop, because a lambda would allocate for each call. Nearly every request has one snapshot.
    private int IndexOf(object? owner)
    {
        var index = _snapshots.Length - 1;
        while (index >= 0 && _snapshots[index].Owner != owner)
            index--;

        return index;
    }
}
