namespace SmartCache.Engines;

/// <summary>
/// Several MariaDB servers that all take writes. Some time after its start, a node says (<c>wsrep_ready</c>) that it is part
/// of the cluster.
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
    public static async Task<GaleraCluster> StartAsync(int nodes, CancellationToken cancellationToken = default)
    {
        var group = Enumerable.Range(0, nodes).Select(number => new GaleraMember($"node{number}")).ToList();
        var engines = group.Select(member => new GaleraRelease(group, member)).ToList();
        var installation = await engines[0].ObtainAsync(cancellationToken);
        var options = new EngineOptions { StartTimeout = TimeSpan.FromMinutes(2) };
        var login = Login.New();
        return await new GaleraCluster().StartedAsync(async cluster =>
        {
            foreach (var engine in engines)
            {
                engine.Begins = cluster._nodes.Count == 0;
                cluster._nodes.Add(await LocalServer.StartAsync(engine, installation, options, cancellationToken, login));
                engine.Begins = false;
            }
        });
    }

    public async ValueTask DisposeAsync()
    {
        // In the reverse order of the start.
        foreach (var node in Enumerable.Reverse(_nodes))
            await node.DisposeAsync();
    }
}

/// <summary>MariaDB as one node of a Galera cluster.</summary>
internal sealed class GaleraRelease(IReadOnlyList<GaleraMember> group, GaleraMember self) : MariaDbRelease("mariadb-10.11")
{
    /// <summary>A node gets another node's state with the first, which calls the second.</summary>
    private static readonly string[] Scripts = ["wsrep_sst_rsync", "wsrep_sst_common"];
    private static readonly string[] Libraries = ["/usr/lib/galera/libgalera_smm.so", "/usr/lib64/galera-4/libgalera_smm.so"];

    // What the scripts call.
    private static readonly string[] Packages = ["galera-4", "rsync", "lsof"];

    // The scripts are in the package that also sets up a service.
    private static readonly DebianFiles Server = new("mariadb-server");

    public override string Title => "Galera";

    /// <summary>Whether this node begins the cluster. All other nodes join it, also a node that comes back.</summary>
    public bool Begins { get; set; }

    public override async Task InitializeAsync(Site site, Login login, CancellationToken cancellationToken)
    {
        await base.InitializeAsync(site, login, cancellationToken);
        foreach (var script in FindScripts())
            await site.CopyProgramAsync(script, cancellationToken);
    }

    public override IEnumerable<string> ServerCommand(Site site) =>
    [
        "env",
        $"PATH={site.Inside("")}:{Environment.GetEnvironmentVariable("PATH")}",
        .. base.ServerCommand(site),
        "--binlog-format=ROW",
        "--default-storage-engine=InnoDB",
        "--innodb-autoinc-lock-mode=2",
        "--wsrep-on=ON",
        $"--wsrep-provider={Library()}",
        "--wsrep-cluster-name=smartcache",
        $"--wsrep-node-name={self.Name}",
        "--wsrep-node-address=127.0.0.1",
        $"--wsrep-provider-options=gmcast.listen_addr=tcp://{self.Group};ist.recv_addr={self.Changes}",
        "--wsrep-sst-method=rsync",
        $"--wsrep-sst-receive-address={self.State}",
        $"--wsrep-cluster-address=gcomm://{(Begins ? "" : string.Join(',', group.Select(member => member.Group)))}",
    ];

    protected override string Instruction =>
        $"{base.Instruction}, and `{AptPackages.CommandLine(Packages)}` as well, and the files of mariadb-server are unpacked into {Server.Path}";

    protected override async Task InstallAsync(CancellationToken cancellationToken)
    {
        await base.InstallAsync(cancellationToken);
        await AptPackages.InstallAsync(Packages, cancellationToken);
        await Server.UnpackAsync(cancellationToken);
    }

    protected override async Task<Installation?> FindAsync(string origin, CancellationToken cancellationToken) =>
        IsThere() ? await base.FindAsync(origin, cancellationToken) : null;

    private static bool IsThere() =>
        Library() is not null && Programs.Has("rsync") && FindScripts().Count == Scripts.Length;

    private static List<string> FindScripts() =>
        [.. Programs.Find(Scripts, ["/usr/bin", $"{Server.Path}/usr/bin"]).DistinctBy(Path.GetFileName)];

    private static string? Library() => Array.Find(Libraries, File.Exists);
}

/// <summary>A node's ports for the other nodes.</summary>
internal sealed record GaleraMember(string Name)
{
    public string Group { get; } = NewAddress();
    public string Changes { get; } = NewAddress();
    public string State { get; } = NewAddress();

    private static string NewAddress() => $"127.0.0.1:{FreePort.Next()}";
}
