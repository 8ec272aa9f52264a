using SmartCache.Benchmarks.CommandLine;
using SmartCache.Benchmarks.Contenders;
using SmartCache.Benchmarks.Engines;
using SmartCache.Benchmarks.Reports;

namespace SmartCache.Benchmarks.Measuring;

/// <summary>The first part of the program: measures, and reports.</summary>
internal static class RequestsRun
{
    public static async Task<int> RunAsync(RequestsArguments arguments, IReadOnlyList<string> commandLine, CancellationToken cancellationToken)
    {
        // Before anything else: a folder that cannot be written should not be found out about in an hour.
        var folder = ReportFolder.Create(arguments.Folder);
        Console.WriteLine($"Redis is left out: {RedisAbsence.Reason}");
        Console.WriteLine();

        var report = new Report(Machine.Current(), commandLine, await FrameCost.MeasureAsync());
        foreach (var name in arguments.Engines)
        {
            using (var progress = new Progress(Console.Error, inPlace: !Console.IsErrorRedirected))
            {
                progress.Say($"Starting {name}");
                await using var engine = await KnownEngines.StartAsync(name, arguments.Connection, options: null, cancellationToken);
                report.Engines.Add(await new EngineRun(name, engine, arguments, progress).RunAsync(cancellationToken));
            }

            // After each engine: what there is, is there.
            Console.WriteLine(TextReport.Of(report.Engines[^1], isMarkdown: false));
            ReportFiles.Write(folder, report);
        }

        Console.WriteLine($"A request alone, without its cache, allocates {report.FrameBytes:N0} B. Written to {folder.FullName}.");
        return ExitCode.Done;
    }
}
