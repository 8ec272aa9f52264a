using System.CommandLine;
using SmartCache.Benchmarks;
using SmartCache.Engines;

// BenchmarkDotNet has a command line of its own.
if (args is ["parts", .. var rest])
    return PartsRun.Run(rest);

var root = new RootCommand("Measures what a session costs.")
{
    RequestsArguments.Command(args[Math.Min(1, args.Length)..]),
    GrowthArguments.Command(args[Math.Min(1, args.Length)..]),
    new Command("parts", "Payloads, differences, merges, crc and touch queue alone, with BenchmarkDotNet and its options; --filter '*' runs all, --quick with few iterations."),
};
try
{
    return await ConsoleApp.RunAsync(root, args);
}
catch (UnsoundException exception)
{
    Console.Error.WriteLine($"\nNo figures: {exception.Message}");
    return ExitCode.Failed;
}
