using SmartCache.Engines.Binaries;
using SmartCache.Engines.Sites;

namespace SmartCache.Engines.Descriptions;

internal class MariaDbEngine(EngineName name) : MySqlFamilyEngine(name, "MariaDB", IsNewest(name) ? "11.8" : "10.11")
{
    private const string Installer = "mariadb-install-db";

    public override Container Container => new($"mariadb:{Release}", 3306, "root", login => new Dictionary<string, string>
    {
        ["MARIADB_ROOT_PASSWORD"] = login.Password,
        ["MARIADB_DATABASE"] = login.Database,
    });

    // Before 11.4 the server has no certificate unless it is given one.
    protected override string SslMode => "Disabled";

    protected override IReadOnlyList<string> ServerPrograms => ["mariadbd", "mysqld"];

    protected override string LocalWay => $"put mariadbd, {Installer} and my_print_defaults on the PATH or into /usr/sbin and /usr/bin";

    // All of the server and no service: nothing is started or set up when they are installed. The second one has
    // my_print_defaults, which the first one's installer calls.
    protected override PackageSource Source { get; } =
        new DebianPackages(IsNewest(name) ? "trixie" : "bookworm", "mariadb-server-core", "mariadb-client-core");

    public override async Task InitializeAsync(Site site, Login login, CancellationToken cancellationToken)
    {
        // The statements run in bootstrap mode, where accounts can only be changed once the grant tables are read.
        var statements = "FLUSH PRIVILEGES;\n" + FirstStatements(login);
        var file = await site.WriteFileAsync("first.sql", statements, cancellationToken);
        // It wants to look up the host's name, which a root directory of its own may have nothing for, and which no account uses.
        await site.RunAsync(
            [
                Installer, "--no-defaults", $"--datadir={site.Data}", "--skip-test-db",
                "--auth-root-authentication-method=normal", "--force", $"--extra-file={file}",
            ],
            cancellationToken);
    }

    protected override bool IsComplete(string server) => Programs.Has(Installer) && Programs.Has("my_print_defaults");

    private static bool IsNewest(EngineName name) => name == EngineName.MariaDb;
}
