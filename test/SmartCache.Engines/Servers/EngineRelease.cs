using System.Net.Sockets;
using System.Security.Cryptography;

namespace SmartCache.Engines;

/// <summary>All that differs between engines about getting, starting and reaching a server of the release that is tested, whatever its patch.</summary>
internal abstract class EngineRelease(string name, string product, string release)
{
    /// <summary>The environment variable that asks for containers if it is 1.</summary>
    public const string DockerVariable = "SMARTCACHE_DOCKER";

    public string Name => name;
    public virtual string Title => $"{product} {release}";

    /// <summary>The environment variable that may hold the connection string of a running server.</summary>
    public string Variable { get; } = $"SMARTCACHE_{name.ToUpperInvariant().Replace('-', '_').Replace('.', '_')}";
    public string ImageVariable => $"{Variable}_IMAGE";
    public abstract Container Container { get; }

    /// <summary>The accounts that run the server if this process is root, best first.</summary>
    public abstract IReadOnlyList<string> Accounts { get; }

    /// <summary>The signal for a clean shutdown that does not wait for clients.</summary>
    public abstract string StopSignal { get; }

    /// <summary>The signal for the fastest end that leaves nothing outside the server's folder.</summary>
    public abstract string EndSignal { get; }

    /// <summary>Server arguments for every place where it runs. Durability stays as the engine ships it.</summary>
    public abstract IEnumerable<string> Settings { get; }

    /// <summary>Server arguments on a small disk, so that normal use does not fill it.</summary>
    public virtual IReadOnlyList<string> SmallDiskSettings => [];

    /// <summary>The names that the server's program may have.</summary>
    protected abstract IReadOnlyList<string> ServerPrograms { get; }

    /// <summary>The folders to search besides the PATH.</summary>
    protected abstract IReadOnlyList<string> Folders { get; }
    protected abstract PackageSource Source { get; }
    protected string Release => release;

    public static EngineRelease Of(string name) => name switch
    {
        "postgres" or "postgres-15" => new PostgresRelease(name),
        "mariadb" or "mariadb-10.11" => new MariaDbRelease(name),
        "mysql" => new OracleRelease(),
        "firebird" => new FirebirdRelease(),
        "redis" => new RedisRelease(),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
    };

    /// <summary>Finds the server's programs, or installs them if that is allowed.</summary>
    /// <exception cref="EngineUnavailableException">There is no way to get them here.</exception>
    public async Task<Installation> ObtainAsync(CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsLinux())
        {
            if (await FindAsync("Local", cancellationToken) is { } found)
                return found;

            if (Source.CanInstall)
            {
                await InstallAsync(cancellationToken);
                if (await FindAsync("Installed", cancellationToken) is { } installed)
                    return installed;
            }
        }

        throw new EngineUnavailableException(
            $"""
            {Title} is needed, and no server or server program of this release was found. Any of these gives one:
              * set {Variable} to the connection string of a running server, for an account with all rights;
              * set {DockerVariable}=1 where a Docker engine runs (image {Container.Image}; {ImageVariable} names another);
              * {LocalWay};
              * {Instruction}.
            """);
    }

    /// <summary>Creates the data folder with the login's account and database.</summary>
    public abstract Task InitializeAsync(Site site, Login login, CancellationToken cancellationToken);

    /// <summary>The server's command line without the port, which all engines take as <c>--port=…</c>.</summary>
    public abstract IEnumerable<string> ServerCommand(Site site);

    /// <summary>The command that frees what a killed server leaves outside its folder; empty for none.</summary>
    public virtual IEnumerable<string> TidyCommand(Site site) => [];

    public abstract string ConnectionString(Login login, int port);

    /// <summary>Whether the server behind a new connection is ready for the login.</summary>
    public abstract Task<bool> GreetsAsync(NetworkStream stream, Login login, CancellationToken cancellationToken);

    /// <summary>Where to put the programs, as part of a sentence.</summary>
    protected abstract string LocalWay { get; }

    /// <summary>How to have them installed, as part of a sentence.</summary>
    protected virtual string Instruction => Source.Instruction;

    protected virtual Task InstallAsync(CancellationToken cancellationToken) => Source.InstallAsync(cancellationToken);

    /// <summary>Whether a server program found on this machine has its companions.</summary>
    protected abstract bool IsComplete(string server);

    /// <summary>Whether a server program's version says that it is this engine's.</summary>
    protected abstract bool IsThis(string version);

    /// <summary>Looks for the server's programs on this machine.</summary>
    protected virtual async Task<Installation?> FindAsync(string origin, CancellationToken cancellationToken)
    {
        // A program on the PATH may be a link. Its companions and libraries are beside the target.
        var servers = Programs.Find(ServerPrograms, [.. Folders, .. Source.Folders])
            .Select(path => File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path);
        foreach (var server in servers.Where(IsComplete))
        {
            var version = await ShellCommand.RunAsync([server, .. VersionArguments], cancellationToken);
            if (version.ExitCode == 0 && IsThis(version.Output))
                return new Installation(server, origin);
        }

        // Only root can run programs in another root directory. That was made for this release.
        var own = Source.Root is { } root && Environment.IsPrivilegedProcess
            ? Folders.SelectMany(folder => ServerPrograms.Select(program => Path.Combine(folder, program))).FirstOrDefault(path => File.Exists(root + path))
            : null;
        return own is null ? null : new Installation(own, origin, Source.Root);
    }

    /// <summary>The arguments that make the server print its version.</summary>
    protected virtual IEnumerable<string> VersionArguments => ["--version"];
}

/// <summary>How to run an engine's official image.</summary>
/// <param name="Image">The image unless an environment variable names another.</param>
/// <param name="Port">The port inside the container.</param>
/// <param name="User">The account that the image gives all rights.</param>
/// <param name="Environment">The variables that set its password and its first database.</param>
internal sealed record Container(string Image, int Port, string User, Func<Login, IReadOnlyDictionary<string, string>> Environment)
{
    /// <summary>Server arguments that suit what the image has installed.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];
}

/// <summary>The account and database of a new server.</summary>
internal sealed record Login(string User, string Password, string Database)
{
    public static Login New(string user = "smartcache") => new(user, RandomNumberGenerator.GetHexString(24, lowercase: true), "smartcache");
}
