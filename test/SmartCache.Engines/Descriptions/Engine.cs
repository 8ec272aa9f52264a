using System.Net.Sockets;
using SmartCache.Engines.Binaries;
using SmartCache.Engines.Sites;

namespace SmartCache.Engines.Descriptions;

/// <summary>All that differs between engines about getting, starting and reaching a server.</summary>
internal abstract class Engine
{
    /// <summary>The environment variable that, set to 1, asks for containers.</summary>
    public const string DockerVariable = "SMARTCACHE_DOCKER";

    public abstract EngineName Name { get; }

    /// <summary>What people call the engine.</summary>
    public abstract string Title { get; }

    /// <summary>The environment variable that may hold the connection string of a running server.</summary>
    public abstract string Variable { get; }

    public string ImageVariable => $"{Variable}_IMAGE";

    public abstract Container Container { get; }

    /// <summary>Accounts to run the server as when we are root, best first.</summary>
    public abstract IReadOnlyList<string> Accounts { get; }

    /// <summary>The signal for a clean shutdown that does not wait for clients.</summary>
    public abstract string StopSignal { get; }

    /// <summary>The signal for the fastest end that leaves nothing outside of the server's folder.</summary>
    public abstract string EndSignal { get; }

    /// <summary>Server arguments that hold wherever it runs; durability stays as the engine ships it.</summary>
    public abstract IEnumerable<string> Settings { get; }

    public static Engine Of(EngineName name) => name switch
    {
        EngineName.Postgres => new PostgresEngine(),
        EngineName.MariaDb => new MariaDbEngine(),
        EngineName.MySql => new MySqlEngine(),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
    };

    /// <summary>Looks for the server's programs on this machine.</summary>
    public abstract Task<Installation?> FindAsync(CancellationToken cancellationToken);

    /// <summary>Installs the server's programs, or gives null where that cannot be done.</summary>
    public abstract Task<Installation?> InstallAsync(CancellationToken cancellationToken);

    /// <summary>Makes the data folder with the login's account and database in it.</summary>
    public abstract Task InitializeAsync(Site site, Login login, CancellationToken cancellationToken);

    /// <summary>The server's command line but for the port, which all engines take as <c>--port=…</c>.</summary>
    public abstract IEnumerable<string> ServerCommand(Site site);

    /// <summary>The command that frees what a killed server has left outside of its folder, or nothing.</summary>
    public virtual IEnumerable<string> TidyCommand(Site site) => [];

    public abstract string ConnectionString(Login login, int port);

    /// <summary>Whether the server, just connected to, is ready for the login.</summary>
    public abstract Task<bool> GreetsAsync(NetworkStream stream, Login login, CancellationToken cancellationToken);

    public string WaysToGetIt() =>
        $"""
        {Title} is needed, and no server or server program was found. Any of these gives one:
          * set {Variable} to the connection string of a running server, for an account with all rights;
          * set {DockerVariable}=1 where a Docker engine runs (image {Container.Image}; {ImageVariable} names another);
          * {LocalWay};
          * {InstallWay}.
        """;

    protected abstract string LocalWay { get; }

    protected abstract string InstallWay { get; }
}
