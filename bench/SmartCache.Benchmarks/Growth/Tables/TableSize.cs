namespace SmartCache.Benchmarks.Growth.Tables;

/// <summary>A table as it was after it was filled.</summary>
/// <param name="Layout">How rows are found.</param>
/// <param name="Rows">How many there are.</param>
/// <param name="TableBytes">The rows; with a clustered key, that key too.</param>
/// <param name="IndexBytes">All other indexes.</param>
/// <param name="FillSeconds">How long the server took to insert the rows, key by key in no order.</param>
internal sealed record TableSize(string Layout, long Rows, long TableBytes, long IndexBytes, double FillSeconds);
