using System.Globalization;

namespace SmartCache.Benchmarks;

/// <summary>Figures by name, of one turn or of the median over rounds. A figure that does not apply is null.</summary>
internal sealed class Measurement : Dictionary<string, double?>
{
    public static Measurement Median(IReadOnlyList<Measurement> rounds)
    {
        var median = new Measurement();
        foreach (var name in rounds[0].Keys)
            median[name] = rounds[0][name] is null ? null : Figures.Median(rounds.Select(round => round[name]!.Value));

        return median;
    }
}

/// <summary>A column of a table; words are aligned to the left, numbers to the right.</summary>
internal sealed record Column<T>(string Heading, Func<T, string> Text, bool IsWord = false);

internal static class TextTable
{
    public static string Of<T>(IEnumerable<T> rows, bool isMarkdown, params Column<T>[] columns)
    {
        string[][] all = [[.. columns.Select(column => column.Heading)], .. rows.Select(row => columns.Select(column => column.Text(row)).ToArray())];
        if (isMarkdown)
        {
            string[] alignment = [.. columns.Select(column => column.IsWord ? "---" : "--:")];
            return string.Join('\n', all.Take(1).Append(alignment).Concat(all.Skip(1)).Select(row => $"| {string.Join(" | ", row)} |"));
        }

        var widths = columns.Select((_, i) => all.Max(row => row[i].Length)).ToArray();
        return string.Join('\n', all.Select(row =>
            string.Join("  ", row.Select((text, i) => columns[i].IsWord ? text.PadRight(widths[i]) : text.PadLeft(widths[i]))).TrimEnd()));
    }
}

/// <summary>How numbers and names are written, and medians taken.</summary>
internal static class Figures
{
    public static string Whole(double number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>Three significant digits, whatever the size.</summary>
    public static string Number(double number) => number switch
    {
        0 => "0",
        < 0.0001 => "<0.0001",
        < 0.1 => number.ToString("0.0000", CultureInfo.InvariantCulture),
        < 10 => number.ToString("0.00", CultureInfo.InvariantCulture),
        _ => number.ToString("N0", CultureInfo.InvariantCulture),
    };

    public static string Share(double share) => share.ToString("0 %", CultureInfo.InvariantCulture);

    public static string Megabytes(double bytes) => (bytes / 1e6).ToString("#,0.0", CultureInfo.InvariantCulture);

    public static string NameOf<TEnum>(TEnum value)
        where TEnum : struct, Enum => value.ToString().ToLowerInvariant();

    public static double Median(IEnumerable<double> numbers)
    {
        var sorted = numbers.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }
}
