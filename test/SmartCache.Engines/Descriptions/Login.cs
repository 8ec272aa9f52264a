using System.Security.Cryptography;

namespace SmartCache.Engines.Descriptions;

/// <summary>The account and database that a new server is made with.</summary>
internal sealed record Login(string User, string Password, string Database)
{
    public static Login New(string user = "smartcache") => new(user, RandomNumberGenerator.GetHexString(24, lowercase: true), "smartcache");
}
