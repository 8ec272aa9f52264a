using System.Globalization;
using SmartCache.Benchmarks.Load;
using SmartCache.Benchmarks.Measuring;

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
                {(isMarkdown ? "### " : "")}{Whole(group.Key.Payload)} bytes, {group.Key.Concurrency} at a time

                {(isMarkdown ? Markdown(Rows(group)) : Plain(Rows(group)))}
                """);
        return
            $"""
            {(isMarkdown ? "## " : "")}{engine.Description}

            {string.Join("\n\n", tables)}

            {engine.HowCounted}
            {string.Concat(Errors(engine))}
            """;
    }

    public static string Whole(double number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static List<string[]> Rows(IEnumerable<CellResult> results) =>
        [.. results.GroupBy(result => result.Cell.Kind).SelectMany(kind => kind.Select((result, i) => Row(result, isFirst: i == 0)))];

    private static string[] Row(CellResult result, bool isFirst)
    {
        var median = result.Median;
        return
        [
            isFirst ? RequestKinds.NameOf(result.Cell.Kind) : "",
            result.Contender,
            Whole(median.RequestsPerSecond),
            result.OfFloor is { } ofFloor ? Number(ofFloor) : "",
            Number(median.P50Ms),
            Number(median.P99Ms),
            Whole(median.AllocatedBytes),
            Number(median.Statements),
            Number(median.TransactionControl),
            Number(median.RowsWritten),
            Whole(median.LogBytes),
            Share(median.Lost),
            Share(median.Touched),
        ];
    }

    /// <summary>Three digits that say something, whatever the size.</summary>
    private static string Number(double number) => number switch
    {
        0 => "0",
        < 0.0001 => "<0.0001",
        < 0.1 => number.ToString("0.0000", CultureInfo.InvariantCulture),
        < 10 => number.ToString("0.00", CultureInfo.InvariantCulture),
        _ => number.ToString("N0", CultureInfo.InvariantCulture),
    };

    private static string Share(double? share) => share?.ToString("0 %", CultureInfo.InvariantCulture) ?? "";

    private static IEnumerable<string> Errors(EngineResult engine) =>
        from result in engine.Cells
        where result.Median.Errors > 0
        select $"{result.Contender}, {RequestKinds.NameOf(result.Cell.Kind)}, {result.Cell.Concurrency} at a time: {result.Median.Errors} requests failed.\n";

    private static string Markdown(List<string[]> rows)
    {
        var alignment = Header.Select((_, i) => i < 2 ? "---" : "--:").ToArray();
        return string.Join('\n', rows.Prepend(alignment).Prepend(Header).Select(row => $"| {string.Join(" | ", row)} |"));
    }

    private static string Plain(List<string[]> rows)
    {
        string[][] all = [Header, .. rows];
        var widths = Header.Select((_, i) => all.Max(row => row[i].Length)).ToArray();
        return string.Join('\n', all.Select(row =>
            string.Join("  ", row.Select((text, i) => i < 2 ? text.PadRight(widths[i]) : text.PadLeft(widths[i]))).TrimEnd()));
    }
}
