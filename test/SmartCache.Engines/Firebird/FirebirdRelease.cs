using System.Net.Sockets;

namespace SmartCache.Engines;

internal sealed class FirebirdRelease() : EngineRelease("firebird", "Firebird", "3.0")
{
    private const string Installer = "isql-fb";
    private const string Library = "/usr/lib/x86_64-linux-gnu/firebird/3.0";

    public override Container Container => new($"firebirdsql/firebird:{Release}", 3050, "SYSDBA", login => new Dictionary<string, string>
    {
        ["FIREBIRD_ROOT_PASSWORD"] = login.Password,
        ["FIREBIRD_DATABASE"] = login.Database,
    });

    public override IReadOnlyList<string> Accounts => ["firebird", "nobody"];

    // On TERM it sometimes waits for ever, if a client has just left.
    public override string StopSignal => "KILL";
    public override string EndSignal => "KILL";
    public override IEnumerable<string> Settings => [];
    protected override IReadOnlyList<string> ServerPrograms => ["firebird"];
    protected override IReadOnlyList<string> Folders => ["/usr/sbin"];
    protected override IEnumerable<string> VersionArguments => ["-z"];
    protected override string LocalWay => $"install Debian's firebird3.0-server, and {Installer} with it";
    protected override PackageSource Source { get; } = new DebianPackages("bookworm", "firebird3.0-server-core", "firebird3.0-server", "firebird3.0-utils");

    // A root folder of its own has the server find no other configuration, log or lock. The database is its own security database, so
    // that no account of the machine's server is needed or changed.
    public override async Task InitializeAsync(Site site, Login login, CancellationToken cancellationToken)
    {
        await site.RunAsync(
            ["sh", "-c", "cd \"$1\" && mkdir data lock && ln -s \"$2\"/plugins \"$2\"/intl \"$2\"/lib \"$2\"/firebird.msg \"$2\"/plugins.conf .", "sh", site.Inside(""), Library],
            cancellationToken);
        await site.WriteFileAsync("firebird.conf", "RemoteBindAddress = 127.0.0.1\nServerMode = Super\n", cancellationToken);
        await site.WriteFileAsync(
            "databases.conf", $"{login.Database} = {site.Data}/{login.Database}.fdb\n{{\n  SecurityDatabase = {login.Database}\n}}\n", cancellationToken);
        await site.RunAsync(
            [.. Environment(site), Installer, "-quiet", "-bail"],
            cancellationToken,
            input:
            $"""
            CREATE DATABASE '{login.Database}' USER '{login.User}' PAGE_SIZE 8192 DEFAULT CHARACTER SET UTF8;
            CREATE USER {login.User} PASSWORD '{login.Password}' GRANT ADMIN ROLE USING PLUGIN Srp;
            COMMIT;

            """);

        // The server is never killed together with its machine, and its tests need not wait for the disk.
        await site.RunAsync([.. Environment(site), "gfix", "-write", "async", "-user", login.User, "-password", login.Password, login.Database], cancellationToken);
    }

    // It takes the port in its own way.
    public override IEnumerable<string> ServerCommand(Site site) =>
        [.. Environment(site), "sh", "-c", $"exec {site.Installation.Server} -p \"${{1#--port=}}\"", "firebird"];

    public override string ConnectionString(Login login, int port) =>
        $"DataSource=127.0.0.1;Port={port};Database={login.Database};User={login.User};Password={login.Password};Charset=UTF8;Role=RDB$ADMIN;IsolationLevel=Snapshot";

    // The server listens when it is ready.
    public override Task<bool> GreetsAsync(NetworkStream stream, Login login, CancellationToken cancellationToken) => Task.FromResult(true);

    protected override bool IsComplete(string server) => Programs.Has(Installer);

    protected override bool IsThis(string version) => version.Contains($"-V{Release}.", StringComparison.Ordinal);

    private static string[] Environment(Site site) => ["env", $"FIREBIRD={site.Inside("")}", $"FIREBIRD_LOCK={site.Inside("lock")}", $"FIREBIRD_TMP={site.Inside("lock")}"];
}
