using System.Globalization;

namespace SmartCache.CrashNode.Journals;

/// <summary>One line of a worker's journal. What one worker writes down of an entry comes one after the other.</summary>
/// <param name="Kind">What happens, or happened.</param>
/// <param name="Store">The number of the store among the worker's.</param>
/// <param name="At">The moment, in UTC Unix milliseconds.</param>
/// <param name="Session">The session's key.</param>
/// <param name="Entry">The entry's name; empty where it is not about one.</param>
/// <param name="Text">The entry's value, or why a store was refused.</param>
public sealed record Claim(ClaimKind Kind, long Store, long At, string Session, string Entry = "", string Text = "")
{
    private const char Separator = '\t';

    /// <summary>Reads a line; null if it is none, as the last one of a process that was killed may be.</summary>
    public static Claim? Parse(string line)
    {
        var fields = line.Split(Separator);
        return fields.Length == 6 && Enum.TryParse<ClaimKind>(fields[0], out var kind)
            ? new Claim(kind, Number(fields[1]), Number(fields[2]), fields[3], fields[4], fields[5])
            : null;
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Kind}{Separator}{Store}{Separator}{At}{Separator}{Session}{Separator}{Entry}{Separator}{Text.ReplaceLineEndings(" ").Replace(Separator, ' ')}");

    private static long Number(string field) => long.Parse(field, CultureInfo.InvariantCulture);
}
