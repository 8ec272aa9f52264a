using Npgsql;

namespace SmartCache.Engines;

/// <summary>PgBouncer in transaction mode before a PostgreSQL server, with as many connections to it as it has by default: 20.</summary>
public static class PgBouncer
{
    /// <summary>Starts one. Its connection string leads through it to the database of the given one.</summary>
    /// <exception cref="EngineUnavailableException">The program is not on this machine.</exception>
    public static async Task<EngineServer> StartAsync(string connectionString, CancellationToken cancellationToken)
    {
        const string Name = "pgbouncer";
        var program = Programs.Find([Name], ["/usr/sbin"]).FirstOrDefault()
            ?? throw new EngineUnavailableException(
                $"{Name} is needed: put it on the PATH, or, as root on Debian, run `{AptPackages.CommandLine([Name])}`, which also starts a service that is not needed.");
        var server = new NpgsqlConnectionStringBuilder(connectionString);
        return await LocalServer.StartAsync(
            new PgBouncerRelease(server), new Installation(program, "Local"), new EngineOptions(), cancellationToken,
            new Login(server.Username!, server.Password!, server.Database!));
    }
}

/// <summary>It speaks PostgreSQL's protocol and runs as its user.</summary>
internal sealed class PgBouncerRelease(NpgsqlConnectionStringBuilder server) : PostgresRelease("postgres-15")
{
    public override string Title => "PgBouncer";
    public override string StopSignal => "TERM";
    public override string EndSignal => "TERM";

    public override async Task InitializeAsync(Site site, Login login, CancellationToken cancellationToken)
    {
        var users = await site.WriteFileAsync("users", $"\"{login.User}\" \"{login.Password}\"\n", cancellationToken);
        await site.WriteFileAsync(
            "template.ini",
            $"""
            [databases]
            {login.Database} = host={server.Host} port={server.Port}
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = PORT
            unix_socket_dir =
            auth_type = scram-sha-256
            auth_file = {users}
            pool_mode = transaction
            max_client_conn = 1000
            ignore_startup_parameters = extra_float_digits

            """,
            cancellationToken);
    }

    // The port is in its file only.
    public override IEnumerable<string> ServerCommand(Site site) =>
    [
        "sh", "-c", "cd \"$0\" && sed \"s/PORT/${2#--port=}/\" template.ini >pgbouncer.ini && exec \"$1\" pgbouncer.ini", site.Inside(""), site.Installation.Server,
    ];

    public override IEnumerable<string> TidyCommand(Site site) => [];

    // It does not know prepared statements before 1.21: the next transaction may run on another connection.
    public override string ConnectionString(Login login, int port) => new NpgsqlConnectionStringBuilder(server.ConnectionString)
    {
        Host = "127.0.0.1",
        Port = port,
        MaxAutoPrepare = 0,
    }.ConnectionString;
}
