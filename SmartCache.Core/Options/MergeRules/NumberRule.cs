using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace SmartCache.MergeRules;

/// <summary>Rules over numbers.</summary>
/// <param name="merge">Takes base, mine and theirs.</param>
/// <param name="storedBy">How the numbers are stored.</param>
internal sealed class NumberRule(Func<decimal?, decimal, decimal?, decimal> merge, EntryNumber storedBy) : EntryRule
{
    private const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;

    public static decimal Sum(decimal? loaded, decimal mine, decimal? theirs) => (theirs ?? 0) + (mine - (loaded ?? 0));

    public static decimal Larger(decimal? loaded, decimal mine, decimal? theirs) => Math.Max(mine, theirs ?? mine);

    public static decimal Smaller(decimal? loaded, decimal mine, decimal? theirs) => Math.Min(mine, theirs ?? mine);

    public override byte[]? Merge(byte[]? loaded, byte[]? mine, byte[]? theirs) =>
        Write(merge(loaded is null ? null : Read(loaded), Read(mine!), theirs is null ? null : Read(theirs)));

    private decimal Read(byte[] value)
    {
        if (storedBy == EntryNumber.SetInt32)
        {
            return value.Length == sizeof(int)
                ? BinaryPrimitives.ReadInt32BigEndian(value)
                : throw new FormatException($"A value of {value.Length} bytes is none that SetInt32 stores.");
        }

        return decimal.TryParse(Encoding.UTF8.GetString(value), Style, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException("A value is no number as text.");
    }

    private byte[] Write(decimal number)
    {
        if (storedBy == EntryNumber.SetString)
        {
            return Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture));
        }

        if (number is < int.MinValue or > int.MaxValue)
        {
            throw new OverflowException($"{number.ToString(CultureInfo.InvariantCulture)} is beyond what SetInt32 stores.");
        }

        var value = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(value, (int)number);
        return value;
    }
}
