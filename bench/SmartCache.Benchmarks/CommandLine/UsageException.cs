namespace SmartCache.Benchmarks.CommandLine;

/// <summary>The program was asked for something it cannot do; the message names the argument.</summary>
internal sealed class UsageException(string message) : Exception(message);
