using SmartCache.Benchmarks.Reports;

namespace SmartCache.Benchmarks.Growth.Reports;

/// <summary>Writes a report into a folder: Markdown and JSON.</summary>
internal static class GrowthFiles
{
    public static void Write(DirectoryInfo folder, GrowthReport report)
    {
        var markdown = string.Join('\n', report.Engines.Select(engine => GrowthText.Of(engine, isMarkdown: true)));
        File.WriteAllText(
            Path.Combine(folder.FullName, "growth.md"),
            $"""
            `growth {string.Join(' ', report.CommandLine)}`

            {report.Machine}

            {markdown}
            """);
        File.WriteAllText(Path.Combine(folder.FullName, "growth.json"), ReportJson.Of(report));
    }
}
