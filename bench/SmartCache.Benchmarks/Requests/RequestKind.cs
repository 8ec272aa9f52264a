using SmartCache.Engines;

namespace SmartCache.Benchmarks;

/// <summary>What a request does with its session, and so what the stock middleware asks of the cache.</summary>
internal enum RequestKind
{
    /// <summary>No cookie, session not touched: a refresh under a random key.</summary>
    NoCookie,

    /// <summary>A session's cookie, session not touched: a refresh.</summary>
    Untouched,

    /// <summary>Reads the session: a get and a refresh.</summary>
    Read,

    /// <summary>Sets an entry to what it was: a get and a set of the same bytes.</summary>
    Unchanged,

    /// <summary>Changes an entry: a get and a set.</summary>
    Changed,

    /// <summary>Begins a session: a get that finds nothing, and a set.</summary>
    New,

    /// <summary>Ten in a hundred without a cookie, forty untouched, forty that read, ten that change an entry.</summary>
    Mix,

    /// <summary>Eight requests of one session that all load it before each changes an entry of its own.</summary>
    Conflict,
}

/// <summary>The kinds of requests by the names that they have on the command line and in reports.</summary>
internal static class RequestKinds
{
    public static string Names => string.Join(", ", Enum.GetValues<RequestKind>().Select(NameOf));

    public static string NameOf(RequestKind kind) => kind == RequestKind.NoCookie ? "no-cookie" : kind.ToString().ToLowerInvariant();

    public static RequestKind Find(string name)
    {
        var kinds = Enum.GetValues<RequestKind>();
        return kinds[Array.IndexOf([.. kinds.Select(NameOf)], ConsoleApp.OneOf([.. kinds.Select(NameOf)])(name))];
    }

    /// <summary>One request of the mix.</summary>
    public static RequestKind FromMix(Random random) => random.Next(10) switch
    {
        0 => RequestKind.NoCookie,
        < 5 => RequestKind.Untouched,
        < 9 => RequestKind.Read,
        _ => RequestKind.Changed,
    };
}
