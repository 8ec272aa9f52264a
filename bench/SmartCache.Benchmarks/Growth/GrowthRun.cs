using SmartCache.Benchmarks.CommandLine;
using SmartCache.Benchmarks.Growth.Lookups;
using SmartCache.Benchmarks.Growth.Reports;
using SmartCache.Benchmarks.Growth.Sweeping;
using SmartCache.Benchmarks.Measuring;
using SmartCache.Benchmarks.Reports;

namespace SmartCache.Benchmarks.Growth;

/// <summary>The second part of the program: what becomes of a statement when the table grows.</summary>
internal static class GrowthRun
{
    public static async Task<int> RunAsync(GrowthArguments arguments, IReadOnlyList<string> commandLine, CancellationToken cancellationToken)
    {
        var folder = ReportFolder.Create(arguments.Folder);
        var report = new GrowthReport(Machine.Current(), commandLine);
        foreach (var name in arguments.Engines)
        {
            using (var progress = new Progress(Console.Error, inPlace: !Console.IsErrorRedirected))
            {
                progress.Say($"Starting {name}");
                await using var database = await GrowthServers.StartAsync(name, cancellationToken);
                var (sizes, lookups) = await new LookupRun(database, arguments, progress).RunAsync(cancellationToken);
                var sweep = arguments.Sweep == 0 ? null : await new SweepRun(database, arguments, progress).RunAsync(cancellationToken);
                report.Engines.Add(new GrowthResult(
                    name, database.Engine.Description, GrowthServers.ArgumentsOf(name), database.HowCounted, arguments.Concurrency, database.Layouts, sizes, lookups, sweep));
            }

            Console.WriteLine(GrowthText.Of(report.Engines[^1], isMarkdown: false));
            GrowthFiles.Write(folder, report);
        }

        Console.WriteLine($"Written to {folder.FullName}.");
        return ExitCode.Done;
    }
}
