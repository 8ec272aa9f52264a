using System.Globalization;
using SmartCache.Benchmarks.Reports;

namespace SmartCache.Benchmarks.Growth;

/// <summary>One engine's figures as tables.</summary>
internal static class GrowthText
{
    private static readonly string[] SizeHeader = ["layout", "key", "rows", "table MB", "index MB", "B a row", "inserted/s"];

    private static readonly string[] LookupHeader =
        ["operation", "layout", "rows", "per second", "µs", "× fewest rows", "× crc-key", "pages", "not in buffer", "log B"];

    private static readonly string[] SweepHeader = ["traffic", "sweep", "requests/s", "p50 ms", "p99 ms", "requests"];

    private static readonly string[] PassHeader = ["pass", "removed", "seconds", "statements", "log MB"];

    public static string Of(GrowthResult result, bool isMarkdown)
    {
        string Heading(string text) => isMarkdown ? $"### {text}" : text;
        return
            $"""
            {(isMarkdown ? "## " : "")}{result.Description}, {string.Join(' ', result.ServerArguments)}

            {Heading("Tables")}

            {TextTable.Of(SizeHeader, result.Sizes.Select(size => Row(size, result.Layouts)), words: 2, isMarkdown)}

            {Heading($"Single rows, {result.Concurrency} at a time (inside: one)")}

            {TextTable.Of(LookupHeader, result.Lookups.Select(Row), words: 2, isMarkdown)}

            {result.HowCounted}
            {(result.Sweep is null ? "" : Of(result.Sweep, isMarkdown, Heading))}
            """;
    }

    private static string Of(SweepResult sweep, bool isMarkdown, Func<string, string> heading) =>
        $"""

        {heading($"{sweep.Rows:N0} expired rows among as many live ones of {sweep.Payload} bytes")}

        {TextTable.Of(PassHeader, sweep.Passes.Select(Row), words: 1, isMarkdown)}

        {TextTable.Of(SweepHeader, sweep.Traffic.Select(Row), words: 2, isMarkdown)}

        """;

    private static string[] Row(TableSize size, IReadOnlyList<Layout> layouts) =>
    [
        size.Layout,
        layouts.First(layout => layout.Name == size.Layout).Key,
        Figures.Whole(size.Rows),
        Figures.Megabytes(size.TableBytes),
        Figures.Megabytes(size.IndexBytes),
        Figures.Whole((size.TableBytes + size.IndexBytes) / (double)size.Rows),
        Figures.Whole(size.Rows / size.FillSeconds),
    ];

    private static string[] Row(LookupResult result)
    {
        var median = result.Median;
        return
        [
            Figures.NameOf(result.Cell.Operation),
            result.Cell.Layout,
            Figures.Whole(result.Cell.Rows),
            Figures.Whole(median.PerSecond),
            Figures.Number(median.Microseconds),
            Figures.Number(result.OfSmallest),
            Figures.Number(result.OfOwn),
            Figures.Number(median.PagesRequested),
            Figures.Number(median.PagesRead),
            Figures.Whole(median.LogBytes),
        ];
    }

    private static string[] Row(SweepPass pass) =>
    [
        pass.Name,
        Figures.Whole(pass.Removed),
        pass.Seconds.ToString("0.00", CultureInfo.InvariantCulture),
        pass.Statements is { } statements ? Figures.Whole(statements) : "",
        pass.LogBytes is { } bytes ? Figures.Megabytes(bytes) : "",
    ];

    private static string[] Row(SweepTraffic traffic) =>
    [
        traffic.Kind,
        traffic.When,
        Figures.Whole(traffic.RequestsPerSecond),
        Figures.Number(traffic.P50Ms),
        Figures.Number(traffic.P99Ms),
        Figures.Whole(traffic.Requests),
    ];
}
