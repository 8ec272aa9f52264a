using SmartCache.Keys;

namespace SmartCache.Sessions;

/// <summary>
/// What one request knows of one key of one cache: a snapshot for each session object that loaded it, in the order of
/// their first loads; and the gate that its saves, refreshes and removals pass one after the other.
/// </summary>
/// <param name="request">The request's keys, whose lock guards this one too.</param>
/// <param name="cache">The cache.</param>
/// <param name="key">The key.</param>
internal sealed class RequestedKey(RequestedKeys request, object cache, CacheKey key)
{
    private SessionSnapshot[] _snapshots = [];
    private SemaphoreSlim? _gate;
    private int _users;

    public object Cache => cache;

    public CacheKey Key => key;

    /// <summary>Whether it says nothing, and nobody will add to it.</summary>
    public bool IsUnused => _users == 0 && _snapshots.Length == 0;

    /// <summary>Whether it says nothing but that there was no session, and nobody is changing that.</summary>
    public bool IsIdleMiss => _users == 0 && Array.TrueForAll(_snapshots, static snapshot => snapshot is { IsMiss: true, Held: null });

    /// <summary>Whether an access waits for the request's end.</summary>
    public bool HoldsTouch => Array.Exists(_snapshots, static snapshot => snapshot.Held is not null);

    /// <summary>
    /// The snapshot of a session object. Without one, as at the end of a request, it is that of the session loaded last that
    /// has not ended: session middleware nests, or runs anew when the run before has ended.
    /// </summary>
    public SessionSnapshot? Find(object? session)
    {
        lock (request.Lock)
        {
            return session is not null
                ? Array.Find(_snapshots, snapshot => snapshot.Owner == session)
                : Array.FindLast(_snapshots, static snapshot => !snapshot.HasEnded) ?? _snapshots.LastOrDefault();
        }
    }

    /// <summary>As <see cref="Find"/>, for a commit: without a session object, the session ends with it.</summary>
    public SessionSnapshot? FindForCommit(object? session)
    {
        lock (request.Lock)
        {
            var snapshot = Find(session);
            if (session is null && snapshot is { HasEnded: false })
            {
                Put(snapshot = snapshot with { HasEnded = true });
            }

            return snapshot;
        }
    }

    /// <summary>What the request has known and forgotten: that it found no session.</summary>
    /// <param name="session">The session object.</param>
    /// <param name="found">What was read since then; null if nothing was.</param>
    /// <returns>Null if the request has forgotten nothing.</returns>
    public SessionSnapshot? RecallMiss(object? session, SessionSnapshot? found)
    {
        lock (request.Lock)
        {
            if (!request.HasForgotten)
            {
                return null;
            }

            found ??= new SessionSnapshot { Owner = session, Theirs = RowView.Absent, HasEnded = session is null };
            var snapshot = found with { Base = null, Incarnation = null };
            Put(snapshot);
            return snapshot;
        }
    }

    /// <summary>
    /// Takes in a completed read. The first one for a session object is the base; a later one for the same object,
    /// or at the commit, when there is none (the stock session reads again at log level Information), only renews
    /// what is known of theirs. Another object means that the middleware runs anew in this request, or within itself.
    /// </summary>
    /// <returns>Whether it is a base, and that there is no session.</returns>
    public bool Observe(object? owner, RowView row, bool isLive, HeldTouch? held)
    {
        lock (request.Lock)
        {
            if (Find(owner) is { } known)
            {
                Put(known with { Theirs = row, Held = held ?? known.Held });
                return false;
            }

            // Of what was not found live only the fact is kept: nothing of it will be merged with.
            var session = isLive ? row.Session : null;
            row = row with { Session = session };
            held ??= TakeHeld();
            Put(new SessionSnapshot { Owner = owner, Base = session, Incarnation = session, BaseVersion = row.Version, Theirs = row, Held = held });
            return session is null;
        }
    }

    /// <summary>Changes what is known to one session object.</summary>
    public void Renew(object? owner, Func<SessionSnapshot, SessionSnapshot> change)
    {
        lock (request.Lock)
        {
            if (Array.Find(_snapshots, snapshot => snapshot.Owner == owner) is { } known)
            {
                Put(change(known));
            }
        }
    }

    /// <summary>Changes what is known to every session object.</summary>
    public void RenewAll(Func<SessionSnapshot, SessionSnapshot> change)
    {
        lock (request.Lock)
        {
            _snapshots = Array.ConvertAll(_snapshots, snapshot => change(snapshot));
        }
    }

    /// <summary>The key holds something else now: what was loaded is no base for it.</summary>
    public void Forget()
    {
        lock (request.Lock)
        {
            _snapshots = [];
        }
    }

    /// <summary>Takes the access that waits for the request's end; null if there is none.</summary>
    public HeldTouch? TakeHeld()
    {
        lock (request.Lock)
        {
            var holder = Array.Find(_snapshots, static snapshot => snapshot.Held is not null);
            if (holder is not null)
            {
                Put(holder with { Held = null });
            }

            return holder?.Held;
        }
    }

    /// <summary>Counts a user in. Called with the lock held.</summary>
    /// <returns>The gate to wait at; null if there is no other user.</returns>
    public SemaphoreSlim? Enter() => ++_users == 1 ? null : _gate ??= new SemaphoreSlim(0);

    /// <summary>Counts a user out, and lets the next one pass. Called with the lock held.</summary>
    /// <param name="hasPassed">False if it waited in vain; a place that was given to it all the same is left to the next.</param>
    public void Leave(bool hasPassed)
    {
        if (--_users == 0)
        {
            _gate = null;
        }
        else if (hasPassed)
        {
            _gate!.Release();
        }
    }

    private void Put(SessionSnapshot snapshot)
    {
        var index = Array.FindIndex(_snapshots, known => known.Owner == snapshot.Owner);
        if (index < 0)
        {
            _snapshots = [.. _snapshots, snapshot];
        }
        else
        {
            _snapshots[index] = snapshot;
        }
    }
}
