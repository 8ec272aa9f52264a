using SmartCache.Engines.Descriptions;
using SmartCache.Engines.Sites;

namespace SmartCache.Engines.Replication;

/// <summary>PostgreSQL that begins as a copy of another server, and follows it.</summary>
/// <param name="primaryPort">Where the other one listens.</param>
internal sealed class PostgresStandby(int primaryPort) : PostgresEngine(EngineName.Postgres15)
{
    public override async Task InitializeAsync(Site site, Login login, CancellationToken cancellationToken) => await site.RunAsync(
        [
            Program(site, "pg_basebackup"), "--pgdata", site.Data, "--write-recovery-conf", "--checkpoint=fast", "--wal-method=stream",
            "--dbname", $"host=127.0.0.1 port={primaryPort} user={login.User} password={login.Password} application_name={PostgresPair.StandbyName}",
        ],
        cancellationToken);
}
