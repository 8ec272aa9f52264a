using System.Data.Common;
using SmartCache.Crash.Engines;
using SmartCache.Engines;
using SmartCache.Engines.Replication;

namespace SmartCache.Crash.Clusters;

/// <summary>A Galera cluster, each process of the app on a node of its own.</summary>
internal sealed class GaleraCrashEngine : CrashEngine
{
    public const int Nodes = 3;

    private const int UnknownCommand = 1047;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private GaleraCluster? _cluster;

    public override string Name => "mariadb";

    public override string ConnectionString => ConnectionStringOf(0);

    protected override DbProviderFactory Driver => MySqlConnector.MySqlConnectorFactory.Instance;

    public EngineServer Node(int number) =>
        _cluster?.Nodes[number] ?? throw new InvalidOperationException("It has not been started.");

    public override string ConnectionStringOf(int process) => Node(process % Nodes).ConnectionString;

    public override async Task StartAsync(long diskSize)
    {
        _cluster = await GaleraCluster.StartAsync(Nodes);
        for (var number = 0; number < Nodes; number++)
        {
            await UntilReadyAsync(number);
        }
    }

    /// <summary>Waits until a node that has been started has what the others have.</summary>
    public async Task UntilReadyAsync(int number)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (!await IsReadyAsync(number))
        {
            await Task.Delay(Pause, patience.Token);
        }
    }

    /// <summary>Cuts a node off from the others, and connects it again.</summary>
    public async Task IsolateAsync(int number, bool isIsolated)
    {
        await using var connection = await OpenAsync(ConnectionStringOf(number));
        await ListAsync(connection, $"SET GLOBAL wsrep_provider_options = 'gmcast.isolate={(isIsolated ? 1 : 0)}'");
    }

    /// <summary>Waits until a node refuses statements about tables.</summary>
    public async Task UntilNotReadyAsync(int number)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (await IsReadyAsync(number))
        {
            await Task.Delay(Pause, patience.Token);
        }
    }

    /// <summary>Every node's own check of its table, and whether all have the same.</summary>
    public override async Task<IReadOnlyList<string>> FindDamageAsync()
    {
        var damage = new List<string>();
        var checksums = new List<string>();
        for (var number = 0; number < Nodes; number++)
        {
            // A node that has not yet done what others have answered would differ from them.
            await using var connection = await OpenAsync(ConnectionStringOf(number));
            await ListAsync(connection, "SET SESSION wsrep_sync_wait = 15");
            var check = await ListAsync(connection, "CHECK TABLE smart_cache EXTENDED");
            damage.AddRange(check.Where(row => !row.EndsWith(" status OK", StringComparison.Ordinal)));
            checksums.AddRange(await ListAsync(connection, "CHECKSUM TABLE smart_cache"));
        }

        return checksums.Distinct().Count() == 1 ? damage : [.. damage, $"The nodes differ: {string.Join(", ", checksums)}"];
    }

    public override async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }
    }

    private async Task<bool> IsReadyAsync(int number)
    {
        try
        {
            await using var connection = await OpenAsync(ConnectionStringOf(number));
            return (await ListAsync(connection, "SHOW STATUS LIKE 'wsrep_local_state_comment'")).Contains("wsrep_local_state_comment Synced");
        }
        catch (DbException exception) when (exception.Data["Server Error Code"] is UnknownCommand)
        {
            return false;
        }
    }
}
