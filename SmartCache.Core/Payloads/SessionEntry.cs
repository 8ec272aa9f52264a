namespace SmartCache.Payloads;

/// <summary>Where one entry of a payload lies. <c>Start</c> is the first byte of its two-byte name length.</summary>
internal readonly record struct SessionEntry(int Start, int NameLength, int ValueLength)
{
    private const int NamePrefix = 2;
    private const int ValuePrefix = 4;

    /// <summary>The smallest entry there can be: an empty name and an empty value.</summary>
    public const int MinLength = NamePrefix + ValuePrefix;

    public int NameStart => Start + NamePrefix;

    public int ValueStart => NameStart + NameLength + ValuePrefix;

    /// <summary>Bytes of the whole entry, both lengths included.</summary>
    public int Length => NamePrefix + NameLength + ValuePrefix + ValueLength;
}
