namespace SmartCache.Benchmarks.Growth.Lookups;

/// <summary>One cell in one round, or in the median over rounds.</summary>
/// <param name="PerSecond">Operations a second, of all workers.</param>
/// <param name="Microseconds">What an operation took, in the mean.</param>
/// <param name="PagesRequested">Pages asked of the server's buffer, per operation.</param>
/// <param name="PagesRead">Those of them that the buffer did not have.</param>
/// <param name="LogBytes">Bytes written to the server's log, per operation.</param>
internal sealed record LookupMeasurement(double PerSecond, double Microseconds, double PagesRequested, double PagesRead, double LogBytes);
