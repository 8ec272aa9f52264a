namespace SmartCache.Sessions;

/// <summary>What one request knows of tickets: those that it has loaded or stored, and which of them have a new key.</summary>
internal sealed class RequestTickets
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, KnownTicket> _tickets = [];
    private readonly Dictionary<string, string> _newKeys = [];
    private volatile bool _isResponding;

    /// <summary>Whether the response starts, or has started. A renewal is part of that; a sign-in comes before.</summary>
    public bool IsResponding { get => _isResponding; set => _isResponding = value; }

    public void Add(string key, KnownTicket ticket)
    {
        lock (_lock)
            _tickets[key] = ticket;
    }

    public KnownTicket? Find(string key)
    {
        lock (_lock)
            return _tickets.GetValueOrDefault(key);
    }

    /// <summary>A ticket has another key from now on.</summary>
    public void Replace(string key, string newKey)
    {
        lock (_lock)
        {
            _tickets.Remove(key);

            // The handler only knows the first of several.
            foreach (var (old, current) in _newKeys.ToList())
                _newKeys[old] = current == key ? newKey : current;

            _newKeys[key] = newKey;
        }
    }

    /// <summary>The key that a ticket has now.</summary>
    public string KeyOf(string key)
    {
        lock (_lock)
            return _newKeys.GetValueOrDefault(key, key);
    }

    /// <summary>The keys of all tickets of the request, as the table has them.</summary>
    public HashSet<CacheKey> Keys()
    {
        lock (_lock)
            return [.. _tickets.Values.Select(static ticket => ticket.Key)];
    }
}

/// <summary>A ticket as the request has loaded or stored it.</summary>
/// <param name="Value">The serialized ticket.</param>
/// <param name="Stored">The lifetime in the row's columns.</param>
internal sealed record KnownTicket(CacheKey Key, byte[] Value, Lifetime Stored);
