using Microsoft.Extensions.Logging;

namespace SmartCache.CrashNode.Requests;

/// <summary>Learns from the session middleware's log which request's session could not be stored.</summary>
internal sealed class SessionFailures : ILoggerProvider, ILogger
{
    private static readonly AsyncLocal<Watched?> Current = new();

    /// <summary>Watches the request that the caller is about to run.</summary>
    public Watched Watch() => Current.Value = new Watched();

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        // Of a commit that took too long there is only the event.
        var failure = eventId.Name == "SessionCommitCanceled" ? new OperationCanceledException() : exception;
        if (Current.Value is { } request && failure is not null)
        {
            request.Exception = failure;
        }
    }

    public void Dispose()
    {
    }

    /// <summary>What is known of one request.</summary>
    internal sealed class Watched
    {
        public Exception? Exception { get; set; }
    }
}
