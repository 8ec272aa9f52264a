using System.CommandLine;
using SmartCache.Benchmarks.Growth;
using SmartCache.Benchmarks.Parts;
using SmartCache.Benchmarks.Requests;
using SmartCache.Engines;

// BenchmarkDotNet has a command line of its own.
if (args is ["parts", .. var rest])
{
    return PartsRun.Run(rest);
}

var root = new RootCommand("Measures what a session costs.")
{
    RequestsArguments.Command((arguments, token) => RequestsRun.RunAsync(arguments, args[1..], token)),
    GrowthArguments.Command((arguments, token) => GrowthRun.RunAsync(arguments, args[1..], token)),
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
