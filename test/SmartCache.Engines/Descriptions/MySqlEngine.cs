using SmartCache.Engines.Binaries;
using SmartCache.Engines.Sites;

namespace SmartCache.Engines.Descriptions;

internal sealed class MySqlEngine : MySqlFamilyEngine
{
    // Debian's stable releases have MariaDB in its place.
    private static readonly DebianTree Tree = new("sid", "mysql-server-core");

    public override EngineName Name => EngineName.MySql;

    public override string Title => "MySQL";

    public override string Variable => "SMARTCACHE_MYSQL";

    public override Container Container { get; } = new("mysql:9", 3306, "root", login => new Dictionary<string, string>
    {
        ["MYSQL_ROOT_PASSWORD"] = login.Password,
        ["MYSQL_DATABASE"] = login.Database,
    });

    public override IEnumerable<string> Settings => [.. base.Settings, "--mysqlx=OFF"];

    // Logging in with a password that the server has not cached needs TLS; MySQL makes its own certificate.
    protected override string SslMode => "Required";

    protected override string LocalWay => "put a mysqld that is MySQL's own on the PATH or into /usr/sbin";

    protected override string InstallWay =>
        $"be root on Debian, where it is then installed into a folder of its own by debootstrap ({Tree.Path})";

    public override async Task<Installation?> FindAsync(CancellationToken cancellationToken)
    {
        var server = await FindServerAsync(["mysqld"], isMariaDb: false, cancellationToken);
        return server is null ? null : new Installation(server, EngineOriginKind.Local);
    }

    public override async Task<Installation?> InstallAsync(CancellationToken cancellationToken)
    {
        if (!DebianTree.CanBuild)
            return null;

        await Tree.BuildAsync(cancellationToken);
        return new Installation("/usr/sbin/mysqld", EngineOriginKind.Installed, Tree.Path);
    }

    public override async Task InitializeAsync(Site site, Login login, CancellationToken cancellationToken)
    {
        var file = await site.WriteFileAsync("first.sql", FirstStatements(login), cancellationToken);
        await site.RunAsync(
            [
                site.Installation.Server, "--no-defaults", "--initialize-insecure",
                $"--datadir={site.Data}", $"--init-file={file}",
            ],
            cancellationToken);
    }

    // The default folder for exported files is not there in a private installation, which is an error.
    public override IEnumerable<string> ServerCommand(Site site) => [.. base.ServerCommand(site), "--secure-file-priv=NULL"];
}
