namespace SmartCache.Simulation.Checking;

/// <summary>A rule of docs/internals/algorithm.md was broken.</summary>
internal sealed class ViolationException(string message) : Exception(message);
