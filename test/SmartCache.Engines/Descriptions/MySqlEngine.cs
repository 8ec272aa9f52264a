using SmartCache.Engines.Binaries;
using SmartCache.Engines.Sites;

namespace SmartCache.Engines.Descriptions;

internal sealed class MySqlEngine() : MySqlFamilyEngine(EngineName.MySql, "MySQL", "9")
{
    public override Container Container => new($"mysql:{Release}", 3306, "root", login => new Dictionary<string, string>
    {
        ["MYSQL_ROOT_PASSWORD"] = login.Password,
        ["MYSQL_DATABASE"] = login.Database,
    });

    public override IEnumerable<string> Settings => [.. base.Settings, "--mysqlx=OFF"];

    // Logging in with a password that the server has not cached needs TLS; MySQL makes its own certificate.
    protected override string SslMode => "Required";

    protected override IReadOnlyList<string> ServerPrograms => ["mysqld"];

    protected override string LocalWay => "put a mysqld that is MySQL's own on the PATH or into /usr/sbin";

    // Debian's stable releases have MariaDB in its place.
    protected override PackageSource Source { get; } = new DebianPackages("sid", "mysql-server-core");

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

    protected override bool IsComplete(string server) => true;
}
