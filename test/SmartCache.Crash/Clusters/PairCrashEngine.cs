using System.Data.Common;
using Npgsql;
using SmartCache.Crash.Engines;
using SmartCache.Engines;
using SmartCache.Engines.Replication;

namespace SmartCache.Crash.Clusters;

/// <summary>A PostgreSQL server and its standby, which the app finds by a connection string that names both.</summary>
internal sealed class PairCrashEngine(bool isSynchronous) : CrashEngine
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private PostgresPair? _pair;

    public override string Name => "postgres";

    public override string ConnectionString
    {
        get
        {
            var (primary, standby) = (Login(Pair.Primary), Login(Pair.Standby));
            return new NpgsqlConnectionStringBuilder(Pair.Primary.ConnectionString)
            {
                Host = $"{primary.Host}:{primary.Port},{standby.Host}:{standby.Port}",
                TargetSessionAttributes = "primary",
            }.ConnectionString;
        }
    }

    protected override DbProviderFactory Driver => NpgsqlFactory.Instance;

    private PostgresPair Pair => _pair ?? throw new InvalidOperationException("It has not been started.");

    public override async Task StartAsync(long diskSize)
    {
        _pair = await PostgresPair.StartAsync();
        if (isSynchronous)
        {
            await RunAsync(Pair.Primary, $"ALTER SYSTEM SET synchronous_standby_names = '{PostgresPair.StandbyName}'");
            await RunAsync(Pair.Primary, "SELECT pg_reload_conf()");
        }

        var state = isSynchronous ? "sync" : "async";
        while (!(await RunAsync(Pair.Primary, "SELECT sync_state FROM pg_stat_replication WHERE state = 'streaming'")).Contains(state))
        {
            await Task.Delay(Pause);
        }
    }

    public override Task<IReadOnlyList<string>> FindDamageAsync() => PostgresCheck.FindDamageAsync(this);

    /// <summary>From now on the standby gets no more of what the primary writes.</summary>
    public async Task DisconnectStandbyAsync()
    {
        await RunAsync(Pair.Standby, "ALTER SYSTEM SET primary_conninfo = ''");
        await RunAsync(Pair.Standby, "SELECT pg_reload_conf()");
    }

    /// <summary>The primary is killed, and its standby takes its place.</summary>
    public async Task FailOverAsync()
    {
        await Pair.Primary.KillAsync();
        await RunAsync(Pair.Standby, "SELECT pg_promote()");
    }

    public override async ValueTask DisposeAsync()
    {
        if (_pair is not null)
        {
            await _pair.DisposeAsync();
        }
    }

    private static NpgsqlConnectionStringBuilder Login(EngineServer server) => new(server.ConnectionString);

    private async Task<List<string>> RunAsync(EngineServer server, string text)
    {
        await using var connection = await OpenAsync(server.ConnectionString);
        return await ListAsync(connection, text);
    }
}
