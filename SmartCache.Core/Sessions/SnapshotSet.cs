using SmartCache.Keys;

namespace SmartCache.Sessions;

/// <summary>A request's snapshots by cache and key. Nearly every request has one; it takes no dictionary then.</summary>
internal sealed class SnapshotSet
{
    private (object Cache, CacheKey Key) _firstKey;
    private SessionSnapshot? _first;
    private Dictionary<(object Cache, CacheKey Key), SessionSnapshot>? _others;

    public SessionSnapshot? Find(object cache, CacheKey key) =>
        IsFirst(cache, key) ? _first : _others?.GetValueOrDefault((cache, key));

    public void Put(object cache, CacheKey key, SessionSnapshot snapshot)
    {
        if (IsFirst(cache, key))
        {
            _first = snapshot;
        }
        else if (_first is null && _others?.ContainsKey((cache, key)) != true)
        {
            (_firstKey, _first) = ((cache, key), snapshot);
        }
        else
        {
            _others ??= [];
            _others[(cache, key)] = snapshot;
        }
    }

    public void Remove(object cache, CacheKey key)
    {
        if (IsFirst(cache, key))
        {
            _first = null;
        }
        else
        {
            _others?.Remove((cache, key));
        }
    }

    private bool IsFirst(object cache, CacheKey key) => _first is not null && _firstKey.Cache == cache && _firstKey.Key.Equals(key);
}
