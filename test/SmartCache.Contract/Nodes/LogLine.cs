using Microsoft.Extensions.Logging;

namespace SmartCache.Contract.Nodes;

/// <summary>One message with its exception, as text.</summary>
public sealed record LogLine(LogLevel Level, string Category, string Text);
