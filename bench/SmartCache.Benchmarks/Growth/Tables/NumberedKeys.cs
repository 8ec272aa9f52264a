using System.Globalization;
using System.Security.Cryptography;

namespace SmartCache.Benchmarks.Growth.Tables;

/// <summary>
/// Keys that look like the session middleware's, each made from its number: the server makes the same ones, and ten
/// million of them need no memory here. The number is MD5's input, so keys come in no order.
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
        Span<byte> hash = stackalloc byte[MD5.HashSizeInBytes];
        number.TryFormat(digits, out var length, provider: CultureInfo.InvariantCulture);
#pragma warning disable CA5351 // It only scatters, and every server has it.
        MD5.HashData(digits[..length], hash);
#pragma warning restore CA5351
        return new Guid(hash, bigEndian: true).ToString();
    }
}
