using System.Globalization;

namespace SmartCache.CrashNode.Journals;

/// <summary>Values that no two stores share, some of them large, and their short form for journals.</summary>
public static class EntryValue
{
    private const char Padding = '.';

    /// <summary>A value of at least a length, in its short form.</summary>
    /// <param name="unique">What nobody else stores; must not end with a full stop.</param>
    /// <param name="length">The length.</param>
    public static string Brief(string unique, int length) => Brief(unique.PadRight(length, Padding));

    /// <summary>The short form of a value.</summary>
    public static string Brief(string value) => string.Create(CultureInfo.InvariantCulture, $"{value.TrimEnd(Padding)}*{value.Length}");

    /// <summary>The value of a short form.</summary>
    public static string Whole(string brief)
    {
        var star = brief.LastIndexOf('*');
        return brief[..star].PadRight(int.Parse(brief[(star + 1)..], CultureInfo.InvariantCulture), Padding);
    }
}
