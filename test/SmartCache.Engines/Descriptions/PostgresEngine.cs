using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using SmartCache.Engines.Binaries;
using SmartCache.Engines.Sites;

namespace SmartCache.Engines.Descriptions;

internal class PostgresEngine : Engine
{
    private const string Package = "postgresql";

    /// <summary>Counts statements, for the tests of what a request costs.</summary>
    private const string Preload = "--shared_preload_libraries=pg_stat_statements";

    public override EngineName Name => EngineName.Postgres;

    public override string Title => "PostgreSQL";

    public override string Variable => "SMARTCACHE_POSTGRES";

    public override Container Container { get; } = new("postgres:17", 5432, "smartcache", login => new Dictionary<string, string>
    {
        ["POSTGRES_USER"] = login.User,
        ["POSTGRES_PASSWORD"] = login.Password,
        ["POSTGRES_DB"] = login.Database,
    })
    {
        Arguments = [Preload],
    };

    public override IReadOnlyList<string> Accounts => ["postgres", "nobody"];

    public override string StopSignal => "INT";

    // As fast as a kill, but an immediate shutdown leaves no shared memory behind.
    public override string EndSignal => "QUIT";

    public override IEnumerable<string> Settings => ["--max_connections=300"];

    protected override string LocalWay => "put initdb and postgres on the PATH or into /usr/lib/postgresql/*/bin";

    protected override string InstallWay => $"be root where apt-get is, which then installs the package {Package}";

    public override Task<Installation?> FindAsync(CancellationToken cancellationToken) =>
        Task.FromResult(Find(EngineOriginKind.Local));

    public override async Task<Installation?> InstallAsync(CancellationToken cancellationToken)
    {
        if (!AptPackages.CanInstall)
            return null;

        // Debian's package makes a cluster of its own and starts it, unless this setting is there beforehand.
        const string Setting = "/etc/postgresql-common/createcluster.d/smartcache-tests.conf";
        Directory.CreateDirectory(Path.GetDirectoryName(Setting)!);
        await File.WriteAllTextAsync(Setting, "create_main_cluster = false\n", cancellationToken);
        try
        {
            await AptPackages.InstallAsync([Package], cancellationToken);
        }
        finally
        {
            File.Delete(Setting);
        }

        return Find(EngineOriginKind.Installed);
    }

    public override async Task InitializeAsync(Site site, Login login, CancellationToken cancellationToken)
    {
        var passwordFile = await site.WriteFileAsync("password", login.Password, cancellationToken);
        await site.RunAsync(
            [
                Program(site, "initdb"), "--pgdata", site.Data, "--encoding=UTF8", "--locale=C",
                "--username", login.User, "--pwfile", passwordFile, "--auth=scram-sha-256",
            ],
            cancellationToken);

        // A client may be missing; the server itself takes SQL in its single-user mode.
        await site.RunAsync(
            SingleUser(site, "postgres"),
            cancellationToken,
            input: $"CREATE DATABASE {login.Database}\n");
    }

    public override IEnumerable<string> ServerCommand(Site site)
    {
        List<string> command =
        [
            Program(site, "postgres"), "-D", site.Data,
            "--listen_addresses=127.0.0.1",
            "--unix_socket_directories=",
            .. Settings,
        ];
        if (Library(site, "pg_stat_statements"))
            command.Add(Preload);
        return command;
    }

    // A killed server leaves shared memory behind, which the next start on the same data folder finds and frees.
    public override IEnumerable<string> TidyCommand(Site site) => SingleUser(site, "template1");

    public override string ConnectionString(Login login, int port) =>
        $"Host=127.0.0.1;Port={port};Database={login.Database};Username={login.User};Password={login.Password};SSL Mode=Disable";

    /// <remarks>
    /// A server that is starting or recovering accepts connections only to refuse the login (57P03), so the
    /// greeting is one: a startup message, answered by 'R', a request for authentication. See
    /// https://www.postgresql.org/docs/current/protocol-message-formats.html.
    /// </remarks>
    public override async Task<bool> GreetsAsync(NetworkStream stream, Login login, CancellationToken cancellationToken)
    {
        const int Version3 = 3 << 16;
        var parameters = Encoding.UTF8.GetBytes($"user\0{login.User}\0database\0{login.Database}\0\0");
        var message = new byte[8 + parameters.Length];
        BinaryPrimitives.WriteInt32BigEndian(message, message.Length);
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(4), Version3);
        parameters.CopyTo(message, 8);

        await stream.WriteAsync(message, cancellationToken);
        var answer = new byte[1];
        await stream.ReadExactlyAsync(answer, cancellationToken);
        return answer[0] == 'R';
    }

    private static Installation? Find(EngineOriginKind origin)
    {
        // Distributions keep each major version in a folder of its own: the newest first, by number and not by text.
        const string Versions = "/usr/lib/postgresql";
        var folders = Directory.Exists(Versions)
            ? Directory.GetDirectories(Versions)
                .OrderByDescending(folder => int.TryParse(Path.GetFileName(folder), out var version) ? version : 0)
                .Select(folder => Path.Combine(folder, "bin"))
            : [];
        // What is on the PATH may be a link; initdb and the libraries are where it leads.
        var postgres = Programs.Find(["postgres"], folders)
            .Select(path => File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path)
            .FirstOrDefault(path => File.Exists(Path.Combine(Path.GetDirectoryName(path)!, "initdb")));
        return postgres is null ? null : new Installation(postgres, origin);
    }

    protected static string Program(Site site, string name) =>
        Path.Combine(Path.GetDirectoryName(site.Installation.Server)!, name);

    private static string[] SingleUser(Site site, string database) =>
        [Program(site, "postgres"), "--single", "-D", site.Data, database];

    private static bool Library(Site site, string name)
    {
        var version = Path.GetDirectoryName(Path.GetDirectoryName(site.Installation.Server))!;
        return new[] { "lib", "lib/postgresql", "lib64/pgsql" }.Any(folder => File.Exists(Path.Combine(version, folder, $"{name}.so")));
    }
}
