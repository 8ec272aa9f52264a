using System.Globalization;
using SmartCache.Benchmarks.Requests;

namespace SmartCache.Benchmarks.Reports;

/// <summary>One engine's figures as tables, one for each size of session and number of requests at a time.</summary>
internal static class TextReport
{
    private static readonly string[] Header =
        ["request", "contender", "requests/s", "of floor", "p50 ms", "p99 ms", "allocated B", "statements", "begin, commit", "rows written", "log B", "lost", "touched"];

    public static string Of(EngineResult engine, bool isMarkdown)
    {
        var tables = engine.Cells
            .GroupBy(result => (result.Cell.Payload, result.Cell.Concurrency))
            .Select(group =>
                $"""
                {(isMarkdown ? "### " : "")}{Figures.Whole(group.Key.Payload)} bytes, {group.Key.Concurrency} at a time

                {TextTable.Of(Header, Rows(group), words: 2, isMarkdown)}
                """);
        return
            $"""
            {(isMarkdown ? "## " : "")}{engine.Description}

            {string.Join("\n\n", tables)}

            {engine.HowCounted}
            {string.Concat(Errors(engine))}
            """;
    }

    private static List<string[]> Rows(IEnumerable<CellResult> results) =>
        [.. results.GroupBy(result => result.Cell.Kind).SelectMany(kind => kind.Select((result, i) => Row(result, isFirst: i == 0)))];

    private static string[] Row(CellResult result, bool isFirst)
    {
        var median = result.Median;
        return
        [
            isFirst ? RequestKinds.NameOf(result.Cell.Kind) : "",
            result.Contender,
            Figures.Whole(median.RequestsPerSecond),
            result.OfFloor is { } ofFloor ? Figures.Number(ofFloor) : "",
            Figures.Number(median.P50Ms),
            Figures.Number(median.P99Ms),
            Figures.Whole(median.AllocatedBytes),
            Figures.Number(median.Statements),
            Figures.Number(median.TransactionControl),
            Figures.Number(median.RowsWritten),
            Figures.Whole(median.LogBytes),
            Figures.Share(median.Lost),
            Figures.Share(median.Touched),
        ];
    }

    private static IEnumerable<string> Errors(EngineResult engine) =>
        from result in engine.Cells
        where result.Median.Errors > 0
        select $"{result.Contender}, {RequestKinds.NameOf(result.Cell.Kind)}, {result.Cell.Concurrency} at a time: {result.Median.Errors} requests failed.\n";
}

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

/// <summary>How numbers and names are written, and medians taken.</summary>
internal static class Figures
{
    public static string Whole(double number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>Three digits that say something, whatever the size.</summary>
    public static string Number(double number) => number switch
    {
        0 => "0",
        < 0.0001 => "<0.0001",
        < 0.1 => number.ToString("0.0000", CultureInfo.InvariantCulture),
        < 10 => number.ToString("0.00", CultureInfo.InvariantCulture),
        _ => number.ToString("N0", CultureInfo.InvariantCulture),
    };

    public static string Share(double? share) => share?.ToString("0 %", CultureInfo.InvariantCulture) ?? "";

    public static string Megabytes(double bytes) => (bytes / 1e6).ToString("#,0.0", CultureInfo.InvariantCulture);

    public static string NameOf<TEnum>(TEnum value)
        where TEnum : struct, Enum => value.ToString().ToLowerInvariant();

    public static double Median(IEnumerable<double> numbers)
    {
        var sorted = numbers.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }
}
