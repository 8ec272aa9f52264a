namespace SmartCache.Benchmarks.Reports;

/// <summary>Writes a report into a folder: Markdown, JSON, and a chart for each engine.</summary>
internal static class ReportFiles
{
    public static void Write(DirectoryInfo folder, Report report)
    {
        var markdown = string.Join('\n', report.Engines.Select(engine => TextReport.Of(engine, isMarkdown: true)));
        File.WriteAllText(
            Path.Combine(folder.FullName, "requests.md"),
            $"""
            `requests {string.Join(' ', report.CommandLine)}`

            {report.Machine}. A request alone, without its cache, allocates {Figures.Whole(report.FrameBytes)} B.

            {markdown}
            """);
        File.WriteAllText(Path.Combine(folder.FullName, "requests.json"), ReportJson.Of(report));
        foreach (var engine in report.Engines)
        {
            if (SvgChart.Of(engine) is { } chart)
            {
                File.WriteAllText(Path.Combine(folder.FullName, $"requests-{engine.Engine}.svg"), chart);
            }
        }
    }
}
