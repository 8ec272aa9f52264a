using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Session;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SmartCache.Contract.Web.Hosting;

namespace SmartCache.CrashNode.Requests;

/// <summary>The stock session middleware over the cache, as an app has them, without a web server in front.</summary>
internal sealed class StockApp : IAsyncDisposable
{
    private static readonly object Script = new();

    private readonly SessionFailures _failures = new();
    private readonly ServiceProvider _services;
    private readonly RequestDelegate _pipeline;
    private readonly IHttpContextAccessor _accessor;

    public StockApp(NodeArguments arguments)
    {
        var services = new ServiceCollection();
        services.AddLogging(logging => logging
            .SetMinimumLevel(LogLevel.Warning)
            .AddFilter(typeof(SessionMiddleware).FullName, LogLevel.Information)
            .AddProvider(_failures));
        services.AddSession(session => session.IdleTimeout = TimeSpan.FromDays(1));
        services.AddSingleton<IDataProtectionProvider>(new OpenDataProtection());
        AddCache(services, arguments);
        _services = services.BuildServiceProvider();
        _accessor = _services.GetRequiredService<IHttpContextAccessor>();
        var builder = new ApplicationBuilder(_services);
        builder.UseSession();
        builder.Run(static context => ((RequestDelegate)context.Items[Script]!)(context));
        _pipeline = builder.Build();
    }

    /// <summary>Runs a script in a request that comes with the cookie of a session.</summary>
    /// <exception cref="RefusedException">The session could not be loaded, or what the script changed was not stored.</exception>
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
        {
            throw new RefusedException(swallowed);
        }
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private static void AddCache(IServiceCollection services, NodeArguments arguments)
    {
        switch (arguments.Engine)
        {
            case "sqlite":
                services.AddSmartSqliteCache(Configure);
                break;
            case "postgres":
                services.AddSmartPostgresCache(Configure);
                break;
            case "mariadb" or "mysql":
                services.AddSmartMySqlCache(Configure);
                break;
            default:
                throw new ArgumentException($"There is no engine '{arguments.Engine}'.", nameof(arguments));
        }

        void Configure(SmartCacheOptions options)
        {
            options.ConnectionString = arguments.ConnectionString;
            options.Concurrency = arguments.Concurrency;
        }
    }
}
