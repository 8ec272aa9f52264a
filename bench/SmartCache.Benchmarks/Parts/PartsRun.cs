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
    /// <param name="args">For BenchmarkDotNet.</param>
    public static int Run(string[] args)
    {
        // In this process: BenchmarkDotNet would otherwise generate a project below this folder, and build it by the
        // repository's rules.
        var config = ManualConfig.Create(DefaultConfig.Instance)
            .AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance))
            .AddDiagnoser(MemoryDiagnoser.Default)
            .HideColumns(Column.Job, Column.Toolchain)
            .WithArtifactsPath(Path.Combine(RequestsArguments.DefaultFolder, "parts"));
        var summaries = BenchmarkSwitcher.FromAssembly(typeof(PartsRun).Assembly).Run(args, config);
        return summaries.All(summary => summary.Reports.All(report => report.Success)) ? ExitCode.Done : ExitCode.Failed;
    }
}
