using SmartCache.Engines.Descriptions;
using SmartCache.Engines.Servers;

namespace SmartCache.Engines;

/// <summary>
/// A running database server. Disposing stops it and leaves nothing of it behind, and so does the end of this
/// process, however it ends. Its members must not be called at the same time.
/// </summary>
public abstract class EngineServer : IAsyncDisposable
{
    private readonly Engine _engine;

    private protected EngineServer(Engine engine, EngineOrigin origin)
    {
        _engine = engine;
        Origin = origin;
    }

    /// <summary>The engine that runs.</summary>
    public EngineName Name => _engine.Name;

    /// <summary>The way the server was obtained.</summary>
    public EngineOrigin Origin { get; }

    /// <summary>
    /// How to connect, in the words of Npgsql or MySqlConnector. The account may do
    /// everything, creating other accounts included. It stays the same across <see cref="RestartAsync"/>.
    /// </summary>
    public abstract string ConnectionString { get; }

    /// <summary>Whether the server was started for the caller, who may therefore kill and restart it.</summary>
    public virtual bool IsOwned => true;

    /// <summary>The server's data folder on this machine.</summary>
    /// <exception cref="NotSupportedException">The server is not owned, or it keeps its data in a container.</exception>
    public virtual string DataFolder => throw NotSupported("has no data folder on this machine");

    /// <summary>Where the disk of the server's data folder is mounted; null if it has none of its own.</summary>
    public virtual string? Disk => null;

    /// <summary>The server's main process.</summary>
    /// <exception cref="NotSupportedException">The server is not owned.</exception>
    /// <exception cref="InvalidOperationException">The server is stopped.</exception>
    public virtual int ProcessId => throw NotSupported("has no process that is known here");

    /// <summary>
    /// Gives a running server: the one whose connection string is in the engine's environment variable, else one in
    /// a container if <c>SMARTCACHE_DOCKER=1</c>, else one from programs on this machine, which are installed when they
    /// are missing if <c>SMARTCACHE_INSTALL=1</c> or <c>CI=true</c> allows it.
    /// </summary>
    /// <exception cref="EngineUnavailableException">There is no such engine here and no way to get it.</exception>
    /// <exception cref="EngineFailedException">The server does not start.</exception>
    public static async Task<EngineServer> StartAsync(
        EngineName name,
        EngineOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        var engine = Engine.Of(name);
        options ??= new EngineOptions();

        if (Environment.GetEnvironmentVariable(engine.Variable) is { Length: > 0 } connectionString)
            return new GivenServer(engine, connectionString);

        if (Environment.GetEnvironmentVariable(Engine.DockerVariable) == "1")
            return await DockerServer.StartAsync(engine, options, cancellationToken);

        return await LocalServer.StartAsync(engine, await engine.ObtainAsync(cancellationToken), options, cancellationToken);
    }

    /// <summary>Whether the server's main process runs: it may have ended by itself, as on a full disk.</summary>
    public virtual Task<bool> IsRunningAsync(CancellationToken cancellationToken = default) =>
        throw NotSupported("has no process that is known here");

    /// <summary>Kills all of the server's processes at once (SIGKILL), as the end of its machine would.</summary>
    /// <exception cref="NotSupportedException">The server is not owned.</exception>
    public virtual Task KillAsync(CancellationToken cancellationToken = default) =>
        throw NotSupported("must not be killed");

    /// <summary>Asks the server to shut down cleanly, and waits until it has.</summary>
    /// <exception cref="NotSupportedException">The server is not owned.</exception>
    public virtual Task StopAsync(CancellationToken cancellationToken = default) =>
        throw NotSupported("must not be stopped");

    /// <summary>Starts the server again with its data, on the same port, after stopping it cleanly if it runs.</summary>
    /// <exception cref="NotSupportedException">The server is not owned.</exception>
    /// <exception cref="EngineFailedException">The server does not start.</exception>
    public virtual Task RestartAsync(CancellationToken cancellationToken = default) =>
        throw NotSupported("must not be restarted");

    /// <inheritdoc />
    public abstract ValueTask DisposeAsync();

    private NotSupportedException NotSupported(string predicate) => new($"The {_engine.Title} server from {Origin} {predicate}.");
}
