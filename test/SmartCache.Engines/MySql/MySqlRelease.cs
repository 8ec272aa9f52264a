using System.Net.Sockets;

namespace SmartCache.Engines;

/// <summary>What MariaDB and MySQL share.</summary>
internal abstract class MySqlRelease(string name, string product, string release) : EngineRelease(name, product, release)
{
    public override IReadOnlyList<string> Accounts => ["mysql", "nobody"];
    public override string StopSignal => "TERM";
    public override string EndSignal => "KILL";

    // Without name resolution there is no host cache either, which would lock out a host after failed handshakes.
    public override IEnumerable<string> Settings => ["--max-connections=300", "--character-set-server=utf8mb4", "--skip-name-resolve"];
    protected override IReadOnlyList<string> Folders => ["/usr/sbin", "/usr/libexec", "/usr/local/sbin", "/usr/local/mysql/bin"];
    protected override IEnumerable<string> VersionArguments => ["--no-defaults", "--version"];

    /// <summary>The driver's TLS mode that suits the engine as it is set up.</summary>
    protected abstract string SslMode { get; }

    public override IEnumerable<string> ServerCommand(Site site) =>
    [
        site.Installation.Server, "--no-defaults",
        $"--datadir={site.Data}",
        $"--socket={site.Inside("server.sock")}",
        $"--pid-file={site.Inside("server.pid")}",
        "--bind-address=127.0.0.1",
        .. Settings,
    ];

    public override string ConnectionString(Login login, int port) =>
        $"Server=127.0.0.1;Port={port};Database={login.Database};User ID={login.User};Password={login.Password};SslMode={SslMode}";

    /// <remarks>
    /// The server speaks first, once it is ready: a packet of version 10, or an error (255). See
    /// https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase.html.
    /// </remarks>
    public override async Task<bool> GreetsAsync(NetworkStream stream, Login login, CancellationToken cancellationToken)
    {
        const int Header = 4;
        const byte HandshakeVersion10 = 10;
        var packet = new byte[Header + 1];
        await stream.ReadExactlyAsync(packet, cancellationToken);
        return packet[Header] == HandshakeVersion10;
    }

    /// <summary>Statements that create the login's database and account, one a line as the servers need them.</summary>
    protected static string FirstStatements(Login login) =>
        $"""
        CREATE DATABASE {login.Database} CHARACTER SET utf8mb4;
        CREATE USER '{login.User}'@'%' IDENTIFIED BY '{login.Password}';
        GRANT ALL PRIVILEGES ON *.* TO '{login.User}'@'%' WITH GRANT OPTION;

        """;

    // Debian's MariaDB installs itself as mysqld too.
    protected override bool IsThis(string version) =>
        version.Contains($" Ver {Release}.", StringComparison.Ordinal)
        && version.Contains("MariaDB", StringComparison.Ordinal) == this is MariaDbRelease;
}

internal class MariaDbRelease(string name) : MySqlRelease(name, "MariaDB", IsNewest(name) ? "11.8" : "10.11")
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
        // --force skips the look-up of the host's name, which fails in another root directory, and which no account uses.
        await site.RunAsync(
            [
                Installer, "--no-defaults", $"--datadir={site.Data}", "--skip-test-db",
                "--auth-root-authentication-method=normal", "--force", $"--extra-file={file}",
            ],
            cancellationToken);
    }

    protected override bool IsComplete(string server) => Programs.Has(Installer) && Programs.Has("my_print_defaults");

    private static bool IsNewest(string name) => name == "mariadb";
}

internal sealed class OracleRelease() : MySqlRelease("mysql", "MySQL", "9")
{
    public override Container Container => new($"mysql:{Release}", 3306, "root", login => new Dictionary<string, string>
    {
        ["MYSQL_ROOT_PASSWORD"] = login.Password,
        ["MYSQL_DATABASE"] = login.Database,
    });

    public override IEnumerable<string> Settings => [.. base.Settings, "--mysqlx=OFF"];

    // Without space for the binary log, MySQL waits for a minute. So the log is not on the disk that runs full, and it is not
    // kept for a month.
    public override IReadOnlyList<string> SmallDiskSettings => ["--log-bin=../binlog", "--max-binlog-size=67108864", "--binlog-expire-logs-seconds=30"];

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
