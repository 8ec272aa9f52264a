using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using SmartCache.Benchmarks.CommandLine;

namespace SmartCache.Benchmarks.Parts;

/// <summary>The second part of the program: pieces of the core alone.</summary>
internal static class PartsRun
{
    private const string Quick = "--quick";

    /// <param name="args">For BenchmarkDotNet, but for <c>--quick</c>.</param>
    public static int Run(string[] args)
    {
        var job = args.Contains(Quick) ? Job.ShortRun : Job.Default;

        // In this process: BenchmarkDotNet would otherwise generate a project below this folder, and build it by the
        // repository's rules.
        var config = ManualConfig.Create(DefaultConfig.Instance)
            .AddJob(job.WithToolchain(InProcessEmitToolchain.Instance))
            .AddDiagnoser(MemoryDiagnoser.Default)
            .HideColumns(Column.Job, Column.Toolchain)
            .WithArtifactsPath(Path.Combine(RequestsArguments.DefaultFolder, "parts"));
        var summaries = BenchmarkSwitcher.FromAssembly(typeof(PartsRun).Assembly).Run([.. args.Except([Quick])], config);
        return summaries.All(summary => summary.Reports.All(report => report.Success)) ? ExitCode.Done : ExitCode.Failed;
    }
}
