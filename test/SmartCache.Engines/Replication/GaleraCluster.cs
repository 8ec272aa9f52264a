using SmartCache.Engines.Descriptions;
using SmartCache.Engines.Servers;

namespace SmartCache.Engines.Replication;

/// <summary>
/// Several MariaDB servers that all take writes. A node is one of the cluster only once it says so itself
/// (<c>wsrep_ready</c>), some time after it has started or restarted.
/// </summary>
public sealed class GaleraCluster : IAsyncDisposable
{
    private readonly List<EngineServer> _nodes = [];

    private GaleraCluster()
    {
    }

    /// <summary>The nodes, which share one account.</summary>
    public IReadOnlyList<EngineServer> Nodes => _nodes;

    /// <summary>Starts a cluster from programs on this machine, which are installed when they are missing and that is allowed.</summary>
    /// <exception cref="EngineUnavailableException">There are no such programs and no way to get them.</exception>
    /// <exception cref="EngineFailedException">A node does not start.</exception>
    public static async Task<GaleraCluster> StartAsync(int nodes, CancellationToken cancellationToken = default)
    {
        var group = Enumerable.Range(0, nodes).Select(number => new GaleraMember($"node{number}")).ToList();
        var engines = group.Select(member => new GaleraEngine(group, member)).ToList();
        var installation = await engines[0].ObtainAsync(cancellationToken);
        var options = new EngineOptions { StartTimeout = TimeSpan.FromMinutes(2) };
        var (cluster, login) = (new GaleraCluster(), Login.New());
        try
        {
            foreach (var engine in engines)
            {
                engine.Begins = cluster._nodes.Count == 0;
                cluster._nodes.Add(await LocalServer.StartAsync(engine, installation, options, cancellationToken, login));
                engine.Begins = false;
            }

            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        // In the order opposite to that of the start; the last one has nobody left to tell.
        foreach (var node in Enumerable.Reverse(_nodes))
            await node.DisposeAsync();
    }
}
