namespace SmartCache.Benchmarks.Reports;

/// <summary>A table as text: its first columns hold words, the others numbers.</summary>
internal static class TextTable
{
    public static string Of(string[] header, IEnumerable<string[]> rows, int words, bool isMarkdown) =>
        isMarkdown ? Markdown(header, rows, words) : Plain([header, .. rows], words);

    private static string Markdown(string[] header, IEnumerable<string[]> rows, int words)
    {
        var alignment = header.Select((_, i) => i < words ? "---" : "--:").ToArray();
        return string.Join('\n', rows.Prepend(alignment).Prepend(header).Select(row => $"| {string.Join(" | ", row)} |"));
    }

    private static string Plain(string[][] all, int words)
    {
        var widths = all[0].Select((_, i) => all.Max(row => row[i].Length)).ToArray();
        return string.Join('\n', all.Select(row =>
            string.Join("  ", row.Select((text, i) => i < words ? text.PadRight(widths[i]) : text.PadLeft(widths[i]))).TrimEnd()));
    }
}
