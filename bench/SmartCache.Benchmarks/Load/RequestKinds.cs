using SmartCache.Benchmarks.CommandLine;

namespace SmartCache.Benchmarks.Load;

/// <summary>The kinds of requests by the names that they have on the command line and in reports.</summary>
internal static class RequestKinds
{
    public static string Names => string.Join(", ", Enum.GetValues<RequestKind>().Select(NameOf));

    public static string NameOf(RequestKind kind) => kind == RequestKind.NoCookie ? "no-cookie" : kind.ToString().ToLowerInvariant();

    /// <exception cref="UsageException">There is no such kind.</exception>
    public static RequestKind Find(string option, string name) =>
        Enum.GetValues<RequestKind>().Where(kind => NameOf(kind).Equals(name, StringComparison.OrdinalIgnoreCase)).Select(kind => (RequestKind?)kind).FirstOrDefault()
        ?? throw new UsageException($"{option} does not know '{name}'. Known: {Names}.");

    /// <summary>One request of the mix.</summary>
    public static RequestKind FromMix(Random random) => random.Next(10) switch
    {
        0 => RequestKind.NoCookie,
        < 5 => RequestKind.Untouched,
        < 9 => RequestKind.Read,
        _ => RequestKind.Changed,
    };
}
