using System.Data.Common;
using System.Globalization;

namespace SmartCache.Engines;

/// <summary>A PostgreSQL server and a standby that is ready to be promoted. Its settings say whether the server waits for the standby.</summary>
public sealed class PostgresPair : IAsyncDisposable
{
    /// <summary>The standby's name for <c>synchronous_standby_names</c>.</summary>
    public const string StandbyName = "standby";

    private PostgresPair(EngineServer primary, EngineServer standby) => (Primary, Standby) = (primary, standby);

    /// <summary>The server that takes writes.</summary>
    public EngineServer Primary { get; }

    /// <summary>The server that follows it.</summary>
    public EngineServer Standby { get; }

    /// <summary>Starts a pair from programs on this machine, which are installed when they are missing and that is allowed.</summary>
    public static async Task<PostgresPair> StartAsync(CancellationToken cancellationToken = default)
    {
        var (engine, login) = (new PostgresRelease("postgres-15"), Login.New());
        var installation = await engine.ObtainAsync(cancellationToken);
        var primary = await LocalServer.StartAsync(engine, installation, new EngineOptions(), cancellationToken, login);
        try
        {
            var port = new DbConnectionStringBuilder { ConnectionString = primary.ConnectionString }["Port"];
            var standby = new PostgresStandby(Convert.ToInt32(port, CultureInfo.InvariantCulture));
            return new PostgresPair(primary, await LocalServer.StartAsync(standby, installation, new EngineOptions(), cancellationToken, login));
        }
        catch
        {
            await primary.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Standby.DisposeAsync();
        await Primary.DisposeAsync();
    }
}

/// <summary>PostgreSQL that begins as a copy of another server, which listens on a port, and follows it.</summary>
internal sealed class PostgresStandby(int primaryPort) : PostgresRelease("postgres-15")
{
    public override async Task InitializeAsync(Site site, Login login, CancellationToken cancellationToken) => await site.RunAsync(
        [
            Program(site, "pg_basebackup"), "--pgdata", site.Data, "--write-recovery-conf", "--checkpoint=fast", "--wal-method=stream",
            "--dbname", $"host=127.0.0.1 port={primaryPort} user={login.User} password={login.Password} application_name={PostgresPair.StandbyName}",
        ],
        cancellationToken);
}
