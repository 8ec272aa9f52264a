using SmartCache.Engines.Binaries;
using SmartCache.Engines.Sites;

namespace SmartCache.Engines.Descriptions;

internal class MariaDbEngine : MySqlFamilyEngine
{
    // All of the server and no service: nothing is started or set up when they are installed. The second one has
    // my_print_defaults, which the first one's mariadb-install-db calls.
    private static readonly string[] Packages = ["mariadb-server-core", "mariadb-client-core"];

    public override EngineName Name => EngineName.MariaDb;

    public override string Title => "MariaDB";

    public override string Variable => "SMARTCACHE_MARIADB";

    public override Container Container { get; } = new("mariadb:11", 3306, "root", login => new Dictionary<string, string>
    {
        ["MARIADB_ROOT_PASSWORD"] = login.Password,
        ["MARIADB_DATABASE"] = login.Database,
    });

    // Before 11.4 the server has no certificate unless it is given one.
    protected override string SslMode => "Disabled";

    protected override string LocalWay => "put mariadbd, mariadb-install-db and my_print_defaults on the PATH or into /usr/sbin and /usr/bin";

    protected override string InstallWay => $"be root where apt-get is, which then installs the packages {string.Join(" and ", Packages)}";

    public override Task<Installation?> FindAsync(CancellationToken cancellationToken) =>
        FindAsync(EngineOriginKind.Local, cancellationToken);

    public override async Task<Installation?> InstallAsync(CancellationToken cancellationToken)
    {
        if (!AptPackages.CanInstall)
            return null;

        await AptPackages.InstallAsync(Packages, cancellationToken);
        return await FindAsync(EngineOriginKind.Installed, cancellationToken);
    }

    public override async Task InitializeAsync(Site site, Login login, CancellationToken cancellationToken)
    {
        // The statements run in bootstrap mode, where accounts can only be changed once the grant tables are read.
        var statements = "FLUSH PRIVILEGES;\n" + FirstStatements(login);
        var file = await site.WriteFileAsync("first.sql", statements, cancellationToken);
        await site.RunAsync(
            [
                Find("mariadb-install-db")!, "--no-defaults", $"--datadir={site.Data}", "--skip-test-db",
                "--auth-root-authentication-method=normal", $"--extra-file={file}",
            ],
            cancellationToken);
    }

    protected static async Task<Installation?> FindAsync(EngineOriginKind origin, CancellationToken cancellationToken)
    {
        if (Find("mariadb-install-db") is null || Find("my_print_defaults") is null)
            return null;

        var server = await FindServerAsync(["mariadbd", "mysqld"], isMariaDb: true, cancellationToken);
        return server is null ? null : new Installation(server, origin);
    }

    private static string? Find(string program) => Programs.Find([program], ["/usr/bin", "/usr/local/bin"]).FirstOrDefault();
}
