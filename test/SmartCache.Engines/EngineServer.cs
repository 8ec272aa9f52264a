namespace SmartCache.Engines;

/// <summary>
/// A running database server. Disposing stops it and leaves nothing behind, and so does any end of this process. Its members
/// must not be called at the same time. Those that control the server throw if it was not started for the caller.
/// </summary>
public abstract class EngineServer : IAsyncDisposable
{
    private protected EngineServer(EngineRelease engine, string origin) => (Engine, Origin) = (engine, origin);

    /// <summary>The engine that runs, such as <c>mariadb-10.11</c>.</summary>
    public string Name => Engine.Name;
    private protected EngineRelease Engine { get; }

    /// <summary>The way the server was obtained, for messages.</summary>
    public string Origin { get; }

    /// <summary>
    /// A connection string for the engine's driver. The account may do everything, including creating other accounts. The
    /// string stays the same after <see cref="RestartAsync"/>.
    /// </summary>
    public abstract string ConnectionString { get; }

    /// <summary>Whether the server was started for the caller, who may therefore kill and restart it.</summary>
    public virtual bool IsOwned => true;

    /// <summary>The server's data folder on this machine.</summary>
    public virtual string DataFolder => throw NotSupported("has no data folder on this machine");

    /// <summary>The mount point of the data folder's own disk; null if it has none.</summary>
    public virtual string? Disk => null;

    /// <summary>The server's main process.</summary>
    public virtual int ProcessId => throw NotSupported("has no process that is known here");

    /// <summary>
    /// Returns a running server: the one whose connection string is in the engine's environment variable, else one in
    /// a container if <c>SMARTCACHE_DOCKER=1</c>, else one from programs on this machine, which are installed if they
    /// are missing and <c>SMARTCACHE_INSTALL=1</c> or <c>CI=true</c> allows it.
    /// </summary>
    /// <exception cref="EngineUnavailableException">There is no such engine here and no way to get it.</exception>
    /// <exception cref="EngineFailedException">The server does not start.</exception>
    public static async Task<EngineServer> StartAsync(string name, EngineOptions? options = null, CancellationToken cancellationToken = default)
    {
        var engine = EngineRelease.Of(name);
        options ??= new EngineOptions();

        if (Environment.GetEnvironmentVariable(engine.Variable) is { Length: > 0 } connectionString)
            return new GivenServer(engine, connectionString);

        if (Environment.GetEnvironmentVariable(EngineRelease.DockerVariable) == "1")
        {
            return options.DiskSize is not null
                ? throw new EngineUnavailableException(
                    $"A container cannot have a full disk: remove {EngineRelease.DockerVariable}, or leave that test out with SMARTCACHE_FULL_DISK=0.")
                : await DockerServer.StartAsync(engine, options, cancellationToken);
        }

        if (options.DiskSize is not null)
            SmallDisk.ThrowIfImpossible();

        return await LocalServer.StartAsync(engine, await engine.ObtainAsync(cancellationToken), options, cancellationToken);
    }

    /// <summary>Whether the server's main process runs. It may have ended by itself, as on a full disk.</summary>
    public virtual Task<bool> IsRunningAsync(CancellationToken cancellationToken = default) =>
        throw NotSupported("has no process that is known here");

    /// <summary>Kills all of the server's processes at once (SIGKILL), as a crash of its machine would.</summary>
    public virtual Task KillAsync(CancellationToken cancellationToken = default) =>
        throw NotSupported("must not be killed");

    /// <summary>Shuts the server down cleanly, and waits for that.</summary>
    public virtual Task StopAsync(CancellationToken cancellationToken = default) =>
        throw NotSupported("must not be stopped");

    /// <summary>Starts the server again with its data, on the same port. Stops it cleanly first if it runs.</summary>
    /// <exception cref="EngineFailedException">The server does not start.</exception>
    public virtual Task RestartAsync(CancellationToken cancellationToken = default) =>
        throw NotSupported("must not be restarted");

    public abstract ValueTask DisposeAsync();

    private NotSupportedException NotSupported(string predicate) => new($"The {Engine.Title} server from {Origin} {predicate}.");
}

/// <summary>A server that was not started here.</summary>
internal sealed class GivenServer(EngineRelease engine, string connectionString)
    : EngineServer(engine, $"ConnectionString ({engine.Variable})")
{
    public override string ConnectionString => connectionString;
    public override bool IsOwned => false;

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>Options of a server that is started for a caller.</summary>
public sealed record EngineOptions
{
    /// <summary>Arguments added to the server's command line. They override the defaults.</summary>
    /// <value>Each in the form <c>--name=value</c>, which all engines understand. Empty by default.</value>
    public IReadOnlyList<string> ServerArguments { get; init; } = [];

    /// <summary>Environment variables of the server process.</summary>
    /// <value>Empty by default.</value>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// The size in bytes of a separate disk for the data folder of a server that is to run out of space
    /// (<see cref="SmallDisk.TryResizeAsync"/>). Its content outlives the server's processes, but not the server's owner.
    /// </summary>
    /// <value>Null by default, for none. It needs root, and a server that runs from programs on this machine.</value>
    public long? DiskSize { get; init; }

    /// <summary>The time limit from a server's start until a client can log in.</summary>
    /// <value>One minute by default: a restart after a kill includes the engine's recovery.</value>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromMinutes(1);
}

/// <summary>A server, or a program that starts one, failed. The message ends with its last output.</summary>
public sealed class EngineFailedException(string message, Exception? innerException = null) : Exception(message, innerException);

/// <summary>There is no server of this engine. The message lists every way to get one.</summary>
public sealed class EngineUnavailableException(string message) : Exception(message);
