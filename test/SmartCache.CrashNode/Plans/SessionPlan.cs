using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace SmartCache.CrashNode.Plans;

/// <summary>
/// Which sessions are in use at a moment: all processes know without talking to each other, and move on to new ones
/// before they grow large.
/// </summary>
/// <param name="run">Tells the sessions of one run from those of others.</param>
public sealed class SessionPlan(string run)
{
    /// <summary>Sessions in use at a time that stay.</summary>
    public const int Kept = 4;

    /// <summary>Sessions in use at a time that are logged out.</summary>
    public const int LoggedOut = 2;

    private const long KeptMs = 1_000;
    private const long LoggedOutMs = 500;

    public string KeptSession(int number, long now) => Key($"kept {number}", now / KeptMs);

    public string LoggedOutSession(int number, long now) => Key($"logged out {number}", now / LoggedOutMs);

    /// <summary>When the next session that will be logged out has its turn, in UTC Unix milliseconds.</summary>
    public static long NextLoggedOut(long now) => ((now / LoggedOutMs) + 1) * LoggedOutMs;

    /// <summary>A key of the form that the stock middleware gives a session.</summary>
    private string Key(string name, long turn)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{run} {name}"));
        BinaryPrimitives.WriteInt64LittleEndian(hash, BinaryPrimitives.ReadInt64LittleEndian(hash) ^ turn);
        return new Guid(hash.AsSpan(0, 16)).ToString();
    }
}
