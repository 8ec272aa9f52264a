using RaceLab.CommandLine;
using SmartCache.Benchmarks.CommandLine;
using SmartCache.Benchmarks.Growth;
using SmartCache.Benchmarks.Measuring;
using SmartCache.Benchmarks.Parts;
using SmartCache.Engines;

try
{
    // BenchmarkDotNet heeds no token: there Ctrl-C ends the process.
    using var stop = args is ["requests" or "growth", ..] ? new StopSignal() : null;
    switch (args)
    {
        case ["--help" or "-h", ..] or ["requests" or "growth", .., "--help" or "-h"] or ["requests" or "growth", "--help" or "-h", ..]:
            Console.WriteLine(Usage.Text);
            return ExitCode.Done;
        case ["requests", .. var rest]:
            return await RequestsRun.RunAsync(RequestsArguments.Parse(rest), rest, stop!.Token);
        case ["growth", .. var rest]:
            return await GrowthRun.RunAsync(GrowthArguments.Parse(rest), rest, stop!.Token);
        case ["parts", .. var rest]:
            return PartsRun.Run(rest);
        default:
            throw new UsageException(args.Length == 0 ? "Say what to measure: requests, growth or parts." : $"'{args[0]}' is none of requests, growth and parts.");
    }
}
catch (UsageException exception)
{
    Console.Error.WriteLine($"{exception.Message}\n\n{Usage.Text}");
    return ExitCode.BadArguments;
}
catch (Exception exception) when (exception is EngineUnavailableException or EngineFailedException)
{
    Console.Error.WriteLine(exception.Message);
    return ExitCode.Failed;
}
catch (UnsoundException exception)
{
    Console.Error.WriteLine($"\nNo figures: {exception.Message}");
    return ExitCode.Failed;
}
catch (OperationCanceledException)
{
    return ExitCode.Stopped;
}
