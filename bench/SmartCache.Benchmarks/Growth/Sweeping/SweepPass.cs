namespace SmartCache.Benchmarks.Growth.Sweeping;

/// <summary>One pass of the sweeper.</summary>
/// <param name="Name">Under what circumstances.</param>
/// <param name="Removed">Rows that it removed.</param>
/// <param name="Seconds">How long it took, rests included.</param>
/// <param name="Statements">Statements, those that begin or end transactions left out; null while requests made some, too.</param>
/// <param name="LogBytes">Bytes written to the server's log; null while requests wrote some, too.</param>
internal sealed record SweepPass(string Name, long Removed, double Seconds, long? Statements, long? LogBytes);
