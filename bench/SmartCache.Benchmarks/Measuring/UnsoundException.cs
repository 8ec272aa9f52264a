namespace SmartCache.Benchmarks.Measuring;

/// <summary>A contender did not do what it acknowledged: its figures would mean nothing.</summary>
internal sealed class UnsoundException(string message) : Exception(message);
