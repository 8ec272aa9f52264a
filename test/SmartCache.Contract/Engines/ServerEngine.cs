namespace SmartCache.Contract.Engines;

/// <summary>A database on a server: it can go away under the cache, and its accounts may have few rights.</summary>
/// <param name="name">The engine, such as <c>mariadb-10.11</c>.</param>
/// <param name="family">Its family, if that is the suite's own.</param>
public abstract class ServerEngine(string name, EngineFamily? family = null) : TestEngine(family ?? EngineFamily.Of(name))
{
    private EngineServer? _server;

    public override string ConnectionString => Server.ConnectionString;
    public EngineServer Server => _server ?? throw new InvalidOperationException("The server has not been started.");

    public (string Host, int Port) Endpoint
    {
        get
        {
            var login = new DbConnectionStringBuilder { ConnectionString = ConnectionString };
            return ((string)login[Family.HostKeyword], int.Parse((string)login["Port"], CultureInfo.InvariantCulture));
        }
    }

    /// <summary>Whether a DELETE of expired rows passes over those that are locked.</summary>
    public virtual bool PassesOverLockedRows => true;

    /// <summary>Whether the driver's pool drops all its connections when the server has closed them, and not each when it is used.</summary>
    public virtual bool PoolNoticesCuts => true;
    protected string Release => name;

    public string Account(string user) => Family.Account(user);

    public string CreateAccount(string user) => Family.CreateAccount(user);

    public string DropAccount(string user) => Family.DropAccount(user);

    public string Denial => Family.Denial;

    public string ConnectAs(string user) => Family.ConnectAs(user);

    /// <summary>The connection string by way of another port of this machine.</summary>
    public string ConnectThrough(int port) =>
        new DbConnectionStringBuilder { ConnectionString = ConnectionString, [Family.HostKeyword] = "127.0.0.1", ["Port"] = port }.ConnectionString;

    public Task<EngineServer> StartAnotherAsync(EngineOptions? options = null) => EngineServer.StartAsync(name, options);

    /// <summary>Registers the cache on another server than the engine's own, as an app does.</summary>
    public IServiceCollection AddCache(IServiceCollection services, EngineServer server) =>
        AddCache(services, options => options.ConnectionString = server.ConnectionString);

    // It is never killed, and nobody pulls its plug: what it would wait for its disk for is what the crash suite tests.
    public override async Task StartAsync() =>
        _server = await EngineServer.StartAsync(name, new EngineOptions { ServerArguments = Family.WithoutDiskWaits });

    public override async Task StopAsync()
    {
        Family.ClearPools();
        if (_server is not null)
            await _server.DisposeAsync();
    }
}
