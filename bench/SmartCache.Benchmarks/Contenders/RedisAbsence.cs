namespace SmartCache.Benchmarks.Contenders;

/// <summary>Why there is no Redis among the contenders.</summary>
internal static class RedisAbsence
{
    public const string Reason =
        "its client StackExchange.Redis does not restore on every package feed this repository has to build on (System.IO.Hashing is missing), and a client of our own would measure that client.";
}
