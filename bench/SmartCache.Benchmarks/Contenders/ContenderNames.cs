using SmartCache.Benchmarks.CommandLine;

namespace SmartCache.Benchmarks.Contenders;

/// <summary>Who is measured, always all in the same run.</summary>
internal static class ContenderNames
{
    public const string SmartCache = "smartcache";
    public const string Floor = "floor";
    public const string Baseline = "baseline";
    public const string Redis = "redis";

    public static readonly IReadOnlyList<string> Measured = [SmartCache, Floor, Baseline];

    public static string All => string.Join(", ", Measured);

    /// <exception cref="UsageException">There is no such contender.</exception>
    public static string Find(string option, string name) =>
        Measured.FirstOrDefault(known => known.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw new UsageException(name.Equals(Redis, StringComparison.OrdinalIgnoreCase)
            ? $"{option} cannot have {Redis}: {RedisAbsence.Reason}"
            : $"{option} does not know '{name}'. Known: {All}.");
}
