using Microsoft.Extensions.Logging;

namespace SmartCache.Contract.Web;

/// <summary>The two levels that matter to sessions: from Information on, the stock session reads again before it stores.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class LogLevelsAttribute() : ValuesAttribute(LogLevel.Warning, LogLevel.Information);
