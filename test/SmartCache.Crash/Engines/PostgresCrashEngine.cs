using System.Data.Common;
using Npgsql;
using SmartCache.Engines;

namespace SmartCache.Crash.Engines;

internal sealed class PostgresCrashEngine(EngineName name) : ServerCrashEngine(name)
{
    public override string Name => "postgres";

    protected override DbProviderFactory Driver => NpgsqlFactory.Instance;

    public override Task CloseConnectionsAsync() => ListAsync(
        """
        SELECT pg_terminate_backend(pid)
        FROM pg_stat_activity
        WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
        """);

    public override Task<IReadOnlyList<string>> FindDamageAsync() => PostgresCheck.FindDamageAsync(this);
}
