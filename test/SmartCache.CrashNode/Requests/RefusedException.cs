namespace SmartCache.CrashNode.Requests;

/// <summary>A request was told that its session could not be loaded or stored.</summary>
internal sealed class RefusedException(Exception reason) : Exception($"{reason.GetType().Name}: {reason.Message}", reason);
