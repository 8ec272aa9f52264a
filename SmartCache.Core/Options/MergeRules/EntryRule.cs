using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace SmartCache.MergeRules;

/// <summary>A rule for one entry that both sides have changed since base.</summary>
internal abstract class EntryRule
{
    /// <summary>Whether the same change must not be written twice, because that could change the result. Rows then keep their recent versions.</summary>
    public bool MustApplyOnce { get; init; }

    /// <summary>Whether the rule decides also where we removed the entry; otherwise it stays removed.</summary>
    public virtual bool DecidesRemoval => false;

    /// <summary>As <see cref="EntryMerge"/>. The arrays are copies, which the rule may change and return.</summary>
    public abstract byte[]? Merge(byte[]? loaded, byte[]? mine, byte[]? theirs);
}

/// <summary>Whoever stored first has decided, a removal included.</summary>
internal sealed class FirstWriterRule : EntryRule
{
    public override bool DecidesRemoval => true;

    public override byte[]? Merge(byte[]? loaded, byte[]? mine, byte[]? theirs) => theirs;
}

/// <summary>The app's own rule. Nobody knows what it does with the same change twice.</summary>
internal sealed class OwnRule : EntryRule
{
    private readonly EntryMerge _merge;

    public OwnRule(EntryMerge merge) => (_merge, MustApplyOnce) = (merge, true);

    public override bool DecidesRemoval => true;

    public override byte[]? Merge(byte[]? loaded, byte[]? mine, byte[]? theirs) => _merge(loaded, mine, theirs);
}

/// <summary>A set as one text: theirs, without what we removed, with what we added, in this order.</summary>
internal sealed class UnionRule(char separator) : EntryRule
{
    // One character for each byte, so that members of whatever encoding come out as they went in.
    private static readonly Encoding Bytes = Encoding.Latin1;

    private readonly string _separator = Bytes.GetString(Encoding.UTF8.GetBytes([separator]));

    public override byte[]? Merge(byte[]? loaded, byte[]? mine, byte[]? theirs)
    {
        var (before, ours) = (Members(loaded), Members(mine));
        var removed = before.Except(ours).ToHashSet();
        var merged = Members(theirs).Where(member => !removed.Contains(member)).Union(ours.Except(before));
        return Bytes.GetBytes(string.Join(_separator, merged));
    }

    private string[] Members(byte[]? value) => value is null or [] ? [] : Bytes.GetString(value).Split(_separator);
}

/// <summary>Rules over numbers.</summary>
/// <param name="merge">Takes loaded, mine and theirs.</param>
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
            return Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture));

        if (number is < int.MinValue or > int.MaxValue)
            throw new OverflowException($"{number.ToString(CultureInfo.InvariantCulture)} is beyond what SetInt32 stores.");

        var value = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(value, (int)number);
        return value;
    }
}
