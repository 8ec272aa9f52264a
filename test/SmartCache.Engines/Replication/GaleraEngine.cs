using SmartCache.Engines.Binaries;
using SmartCache.Engines.Descriptions;
using SmartCache.Engines.Sites;

namespace SmartCache.Engines.Replication;

/// <summary>MariaDB as one node of a Galera cluster.</summary>
/// <param name="group">All nodes.</param>
/// <param name="self">The one that this is.</param>
internal sealed class GaleraEngine(IReadOnlyList<GaleraMember> group, GaleraMember self) : MariaDbEngine(EngineName.MariaDb1011)
{
    /// <summary>A node gets another's state by the first, which calls the second.</summary>
    private static readonly string[] Scripts = ["wsrep_sst_rsync", "wsrep_sst_common"];
    private static readonly string[] Libraries = ["/usr/lib/galera/libgalera_smm.so", "/usr/lib64/galera-4/libgalera_smm.so"];

    // What the scripts call.
    private static readonly string[] Packages = ["galera-4", "rsync", "lsof"];

    // The scripts are in the package that also sets up a service.
    private static readonly DebianFiles Server = new("mariadb-server");

    public override string Title => "Galera";

    /// <summary>The first node of a cluster begins it; whoever comes later, or comes back, joins it.</summary>
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

    protected override async Task<Installation?> FindAsync(EngineOriginKind kind, CancellationToken cancellationToken) =>
        IsThere() ? await base.FindAsync(kind, cancellationToken) : null;

    private static bool IsThere() =>
        Library() is not null && Programs.Has("rsync") && FindScripts().Count == Scripts.Length;

    private static List<string> FindScripts() =>
        [.. Programs.Find(Scripts, ["/usr/bin", $"{Server.Path}/usr/bin"]).DistinctBy(Path.GetFileName)];

    private static string? Library() => Array.Find(Libraries, File.Exists);
}
