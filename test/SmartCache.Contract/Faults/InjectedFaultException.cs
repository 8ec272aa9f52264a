namespace SmartCache.Contract.Faults;

/// <summary>What a caller gets when a <see cref="FaultySource"/> fails: nothing an engine would take for a fault that passes.</summary>
public sealed class InjectedFaultException(string message) : Exception(message);
