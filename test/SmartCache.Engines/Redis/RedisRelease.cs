using System.Net.Sockets;

namespace SmartCache.Engines;

/// <summary>Redis as it ships: it writes snapshots now and then, and no log. It has no password and listens on this machine only.</summary>
internal sealed class RedisRelease() : EngineRelease("redis", "Redis", "7")
{
    public override Container Container => new($"redis:{Release}", 6379, "default", static _ => new Dictionary<string, string>());
    public override IReadOnlyList<string> Accounts => ["redis", "nobody"];
    public override string StopSignal => "TERM";
    public override string EndSignal => "KILL";
    public override IEnumerable<string> Settings => [];
    protected override IReadOnlyList<string> ServerPrograms => ["redis-server", "redis-check-rdb"];
    protected override IReadOnlyList<string> Folders => ["/usr/bin"];
    protected override string LocalWay => "put redis-server on the PATH";

    // One program under several names. The package with this one has no service.
    protected override PackageSource Source { get; } = new DebianPackages("bookworm", "redis-tools");

    // The program goes by the name under which it is started.
    public override Task InitializeAsync(Site site, Login login, CancellationToken cancellationToken) =>
        site.RunAsync(["ln", "--symbolic", site.Installation.Server, site.Inside("redis-server")], cancellationToken);

    // It takes the port in its own way.
    public override IEnumerable<string> ServerCommand(Site site) =>
        ["sh", "-c", "cd \"$0\" && exec ./redis-server --bind 127.0.0.1 --port \"${1#--port=}\"", site.Inside("")];

    public override string ConnectionString(Login login, int port) => $"127.0.0.1:{port}";

    /// <remarks>A server that is loading its data answers with an error.</remarks>
    public override async Task<bool> GreetsAsync(NetworkStream stream, Login login, CancellationToken cancellationToken)
    {
        await stream.WriteAsync("PING\r\n"u8.ToArray(), cancellationToken);
        var answer = new byte[1];
        await stream.ReadExactlyAsync(answer, cancellationToken);
        return answer[0] == '+';
    }

    protected override bool IsComplete(string server) => true;

    protected override bool IsThis(string version) =>
        version.StartsWith($"Redis server v={Release}.", StringComparison.Ordinal) || version.StartsWith($"redis-check-rdb {Release}.", StringComparison.Ordinal);
}
