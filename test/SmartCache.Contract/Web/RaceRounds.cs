using System.Globalization;

namespace SmartCache.Contract.Web;

/// <summary>How long the races are: the environment variable <c>SMARTCACHE_RACE_ROUNDS</c>, per combination, for a long run by hand.</summary>
internal static class RaceRounds
{
    public static int OrElse(int rounds) =>
        Environment.GetEnvironmentVariable("SMARTCACHE_RACE_ROUNDS") is { Length: > 0 } set ? int.Parse(set, CultureInfo.InvariantCulture) : rounds;
}
