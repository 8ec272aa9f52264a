using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Session;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SmartCache.Contract.Web.Hosting;
using SmartCache.Engines;

namespace SmartCache.SecondProcess.Crashing;

/// <summary>The stock session middleware over the cache, without a web server.</summary>
internal sealed class StockApp : IAsyncDisposable
{
    private static readonly object Script = new();

    private readonly SessionFailures _failures = new();
    private readonly ServiceProvider _services;
    private readonly RequestDelegate _pipeline;
    private readonly IHttpContextAccessor _accessor;

    public StockApp(CrashArguments arguments)
    {
        var services = new ServiceCollection();
        services.AddLogging(logging => logging
            .SetMinimumLevel(LogLevel.Warning)
            .AddFilter(typeof(SessionMiddleware).FullName, LogLevel.Information)
            .AddProvider(_failures));
        services.AddSession(session => session.IdleTimeout = TimeSpan.FromDays(1));
        services.AddSingleton<IDataProtectionProvider>(new OpenDataProtection());
        EngineFamily.Of(arguments.Engine).AddCache(services, options =>
        {
            options.ConnectionString = arguments.ConnectionString;
            options.Concurrency = arguments.Concurrency;
            options.Merge.Entry(Counter.Entry).Add(EntryNumber.SetString);
        });
        _services = services.BuildServiceProvider();
        _accessor = _services.GetRequiredService<IHttpContextAccessor>();
        var builder = new ApplicationBuilder(_services);
        builder.UseSession();
        builder.Run(static context => ((RequestDelegate)context.Items[Script]!)(context));
        _pipeline = builder.Build();
    }

    /// <summary>Runs a script in a request with the cookie of a session.</summary>
    /// <exception cref="RefusedException">The session could not be loaded, or what the script changed was not saved.</exception>
    public async Task RunAsync(string session, RequestDelegate script)
    {
        var context = new DefaultHttpContext { RequestServices = _services };
        var cookie = Convert.ToBase64String(Encoding.UTF8.GetBytes(session)).TrimEnd('=');
        context.Request.Headers.Cookie = $"{SessionDefaults.CookieName}={cookie}";
        context.Items[Script] = script;
        _accessor.HttpContext = context;
        var failure = _failures.Watch();
        try
        {
            await _pipeline(context);
        }
        catch (Exception exception) when (exception is not RefusedException)
        {
            throw new RefusedException(exception);
        }

        // The middleware logs a failing commit, and swallows it.
        if (failure.Exception is { } swallowed)
            throw new RefusedException(swallowed);
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}

/// <summary>Learns from the session middleware's log which request's session could not be saved.</summary>
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
        // For a commit that took too long there is only the event.
        var failure = eventId.Name == "SessionCommitCanceled" ? new OperationCanceledException() : exception;
        if (Current.Value is { } request && failure is not null)
            request.Exception = failure;
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

/// <summary>A request was told that its session could not be loaded or saved.</summary>
internal sealed class RefusedException(Exception reason) : Exception($"{reason.GetType().Name}: {reason.Message}", reason);
