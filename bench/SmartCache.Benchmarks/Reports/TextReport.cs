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
