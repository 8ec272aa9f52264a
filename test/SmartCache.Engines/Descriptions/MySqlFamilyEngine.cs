using System.Net.Sockets;
using SmartCache.Engines.Sites;

namespace SmartCache.Engines.Descriptions;

/// <summary>What MariaDB and MySQL have in common.</summary>
internal abstract class MySqlFamilyEngine(EngineName name, string product, string release) : Engine(name, product, release)
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

    /// <summary>The login's database and account as statements, one a line as the servers want them.</summary>
    protected static string FirstStatements(Login login) =>
        $"""
        CREATE DATABASE {login.Database} CHARACTER SET utf8mb4;
        CREATE USER '{login.User}'@'%' IDENTIFIED BY '{login.Password}';
        GRANT ALL PRIVILEGES ON *.* TO '{login.User}'@'%' WITH GRANT OPTION;

        """;

    // Debian's MariaDB installs itself as mysqld too.
    protected override bool IsThis(string version) =>
        version.Contains($" Ver {Release}.", StringComparison.Ordinal)
        && version.Contains("MariaDB", StringComparison.Ordinal) == this is MariaDbEngine;
}
