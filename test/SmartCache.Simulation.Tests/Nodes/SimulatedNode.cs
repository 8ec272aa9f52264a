using System.Data;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using SmartCache.Connections;

namespace SmartCache.Simulation;

/// <summary>A web server with a cache of its own, the product's, over the shared database.</summary>
internal sealed class SimulatedNode
{
    private readonly World _world;

    public SimulatedNode(World world, int number, TimeSpan ahead, Setting setting)
    {
        _world = world;
        Time = world.Time.Of(ahead);
        Loggers = new NodeLog(world.Trace, setting.ReadsAgain ? LogLevel.Information : LogLevel.Warning);
        Actor = new Actor($"node {number}", this);
        SmartDistributedCache? cache = null;
        Actor.Do(() => cache = Create(setting));
        Cache = cache!;
    }

    public NodeTime Time { get; }
    public SmartDistributedCache Cache { get; }
    public IHttpContextAccessor Accessor { get; } = new HttpContextAccessor();
    public ILoggerFactory Loggers { get; }

    /// <summary>The node's own work in the background.</summary>
    public Actor Actor { get; }
    public HashSet<SimulatedConnection> Connections { get; } = [];
    public bool IsDead { get; private set; }

    /// <summary>The process ends at once, and loses what it had in memory.</summary>
    public Task DieAsync()
    {
        IsDead = true;
        _world.Agenda.Drop(this);
        _world.Time.Stop(Time);
        foreach (var connection in Connections.Where(static connection => connection.State == ConnectionState.Open))
            connection.Break(isExecuting: false);

        return Task.CompletedTask;
    }

    public override string ToString() => $"{Actor}";

    private SmartDistributedCache Create(Setting setting)
    {
        var options = new SimulationOptions(setting);
        var connections = new PooledConnectionSource(new SimulatedDataSource(_world.Server, setting.MaxConnections), ownsDataSource: true);
        return new SmartDistributedCache(options, setting.Dialect, connections, Accessor, Time, Loggers);
    }
}

/// <summary>What a node logs from a level on. What the product itself logs goes into the trace.</summary>
internal sealed class NodeLog(Trace trace, LogLevel level, bool isTraced = false) : ILoggerFactory, ILogger
{
    /// <summary>The messages of the stock session contain ids that no seed gives. The product's own messages are enough.</summary>
    public ILogger CreateLogger(string categoryName) =>
        categoryName.StartsWith("SmartCache", StringComparison.Ordinal) ? new NodeLog(trace, LogLevel.Information, isTraced: true) : this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public bool IsEnabled(LogLevel logLevel) => logLevel >= level;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (trace.IsOn && isTraced)
            trace.Add(Actor.Current, $"logs: {formatter(state, exception)} {exception?.Message}");
    }

    public void Dispose()
    {
    }
}
