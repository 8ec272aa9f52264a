using SmartCache.Keys;

namespace SmartCache.Sessions;

/// <summary>What one request knows, by cache and key. Nearly every request has one key; it takes no dictionary then.</summary>
internal sealed class RequestedKeys
{
    /// <summary>How many keys found missing are remembered.</summary>
    private const int MaxMisses = 16;

    private Queue<(object Cache, CacheKey Key)>? _misses;
    private RequestedKey? _first;
    private Dictionary<(object Cache, CacheKey Key), RequestedKey>? _others;

    public Lock Lock { get; } = new();

    /// <summary>Whether the request has found more keys missing than it remembers.</summary>
    public bool HasForgotten { get; private set; }

    public RequestedKey? Find(object cache, CacheKey key)
    {
        lock (Lock)
        {
            return _first?.Cache == cache && _first.Key.Equals(key) ? _first : _others?.GetValueOrDefault((cache, key));
        }
    }

    /// <summary>Takes in a completed read, as <see cref="RequestedKey.Observe"/> does.</summary>
    public void Observe(object cache, CacheKey key, object? owner, RowView row, bool isLive, HeldTouch? held)
    {
        lock (Lock)
        {
            if (FindOrAdd(cache, key).Observe(owner, row, isLive, held))
            {
                RememberMiss(cache, key);
            }
        }
    }

    /// <summary>Begins a save, a refresh or a removal; those of one key pass one after the other.</summary>
    /// <returns>What is known of the key. It is to be disposed so that the next can pass.</returns>
    public async ValueTask<KeyUse> EnterAsync(object cache, CacheKey key, bool async, CancellationToken cancellationToken)
    {
        RequestedKey known;
        SemaphoreSlim? gate;
        lock (Lock)
        {
            known = FindOrAdd(cache, key);
            gate = known.Enter();
        }

        try
        {
            if (gate is not null && async)
            {
                await gate.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
            else
            {
                gate?.Wait(cancellationToken);
            }
        }
        catch
        {
            Leave(known, hasPassed: false);
            throw;
        }

        return new KeyUse(this, known);
    }

    public void Leave(RequestedKey known, bool hasPassed = true)
    {
        lock (Lock)
        {
            known.Leave(hasPassed);
            if (known.IsUnused)
            {
                Remove(known);
            }
        }
    }

    private RequestedKey FindOrAdd(object cache, CacheKey key)
    {
        if (Find(cache, key) is { } known)
        {
            return known;
        }

        known = new RequestedKey(this, cache, key);
        if (_first is null)
        {
            _first = known;
        }
        else
        {
            (_others ??= []).Add((cache, key), known);
        }

        return known;
    }

    private void Remove(RequestedKey known)
    {
        if (known == _first)
        {
            _first = null;
        }
        else
        {
            _others?.Remove((known.Cache, known.Key));
        }
    }

    private void RememberMiss(object cache, CacheKey key)
    {
        _misses ??= new Queue<(object, CacheKey)>();
        _misses.Enqueue((cache, key));
        if (_misses.Count > MaxMisses && _misses.Dequeue() is var oldest
            && Find(oldest.Cache, oldest.Key) is { IsIdleMiss: true } known)
        {
            Remove(known);
            HasForgotten = true;
        }
    }
}
