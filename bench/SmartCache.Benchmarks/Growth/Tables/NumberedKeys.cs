using System.Globalization;
using System.Security.Cryptography;

namespace SmartCache.Benchmarks.Growth.Tables;

/// <summary>
/// Keys that look like the session middleware's, each made from its number: the server makes the same ones, and ten
/// million of them need no memory here. They begin a hash of it, so they come in no order.
/// </summary>
internal static class NumberedKeys
{
    /// <summary>From here on, numbers of keys that are never stored.</summary>
    public const long Absent = 1L << 40;

    /// <summary>From here on, numbers of rows that are inserted while that is measured.</summary>
    public const long New = 1L << 41;

    public static string Create(long number)
    {
        Span<byte> digits = stackalloc byte[20];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        number.TryFormat(digits, out var length, provider: CultureInfo.InvariantCulture);
        SHA256.HashData(digits[..length], hash);
        return new Guid(hash[..16], bigEndian: true).ToString();
    }
}
