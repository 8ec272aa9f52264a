using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace SmartCache.Benchmarks.Growth.Sweeping;

/// <summary>Learns from SmartCache's log that a pass in the background is over.</summary>
internal sealed class SweepWatch : ILoggerProvider, ILogger
{
    private const string Done = "SweepDone";

    private readonly TaskCompletionSource<(long Removed, long EndedAt)> _pass = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>How many rows the first pass has removed, and when by the stopwatch it was over.</summary>
    public Task<(long Removed, long EndedAt)> FirstPass => _pass.Task;

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (eventId.Name == Done && state is IEnumerable<KeyValuePair<string, object?>> values)
        {
            _pass.TrySetResult(((long)values.First(value => value.Key == "Count").Value!, Stopwatch.GetTimestamp()));
        }
    }

    public void Dispose()
    {
    }
}
