namespace SmartCache.Crash.Runs;

/// <summary>A fault as it went.</summary>
/// <param name="Name">What it was.</param>
/// <param name="Kills">How many processes it killed.</param>
/// <param name="Broken">From its beginning until all was whole again.</param>
/// <param name="Recovery">From then until stores succeeded again, in the process where that took longest.</param>
internal sealed record FaultRecord(string Name, int Kills, TimeSpan Broken, TimeSpan Recovery);
