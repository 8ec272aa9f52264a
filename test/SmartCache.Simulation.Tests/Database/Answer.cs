namespace SmartCache.Simulation.Database;

/// <summary>What the server answers: rows of a query, or how many a statement affected.</summary>
internal sealed record Answer(int Affected, params object?[][] Rows);
