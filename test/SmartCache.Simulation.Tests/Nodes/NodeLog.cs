using Microsoft.Extensions.Logging;
using SmartCache.Simulation.Scheduling;

namespace SmartCache.Simulation.Nodes;

/// <summary>What a node logs goes into the trace.</summary>
/// <param name="trace">The trace.</param>
/// <param name="level">The lowest level that is on.</param>
/// <param name="isTraced">Whether it is told in the trace.</param>
internal sealed class NodeLog(Trace trace, LogLevel level, bool isTraced = false) : ILoggerFactory, ILogger
{
    /// <summary>What the stock session says holds ids that no seed gives: the product's own messages are enough.</summary>
    public ILogger CreateLogger(string categoryName) =>
        categoryName.StartsWith("SmartCache", StringComparison.Ordinal) ? new NodeLog(trace, LogLevel.Information, isTraced: true) : this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public bool IsEnabled(LogLevel logLevel) => logLevel >= level;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (trace.IsOn && isTraced)
        {
            trace.Add(Actor.Current, $"logs: {formatter(state, exception)} {exception?.Message}");
        }
    }

    public void Dispose()
    {
    }
}
