using System.Data.Common;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using SmartCache.Engines;

namespace SmartCache.Contract.Engines;

/// <summary>A database on a server: it can go away under the cache, and its accounts may have few rights.</summary>
public abstract class ServerEngine : TestEngine
{
    private EngineServer? _server;

    public override string ConnectionString => Server.ConnectionString;

    public EngineServer Server => _server ?? throw new InvalidOperationException("The server has not been started.");

    protected abstract EngineName EngineName { get; }

    /// <summary>Where the server listens.</summary>
    public (string Host, int Port) Endpoint
    {
        get
        {
            var login = new DbConnectionStringBuilder { ConnectionString = ConnectionString };
            return ((string)login[HostKeyword], int.Parse((string)login["Port"], CultureInfo.InvariantCulture));
        }
    }

    /// <summary>What a connection string calls the host.</summary>
    protected abstract string HostKeyword { get; }

    /// <summary>Server arguments by which a commit does not wait for the disk.</summary>
    protected abstract IReadOnlyList<string> WithoutDiskWaits { get; }

    /// <summary>How statements that grant rights name an account.</summary>
    public virtual string Account(string name) => name;

    /// <summary>Creates an account that may connect and nothing else; its password is its name.</summary>
    public abstract string CreateAccount(string name);

    /// <summary>Removes the account with all its rights.</summary>
    public abstract string DropAccount(string name);

    /// <summary>What connects as the account, added to a connection string.</summary>
    public abstract string ConnectAs(string name);

    /// <summary>The connection string by way of another port of this machine.</summary>
    public string ConnectThrough(int port) =>
        new DbConnectionStringBuilder { ConnectionString = ConnectionString, [HostKeyword] = "127.0.0.1", ["Port"] = port }.ConnectionString;

    /// <summary>A server that the test may stop and kill.</summary>
    public Task<EngineServer> StartAnotherAsync(EngineOptions? options = null) => EngineServer.StartAsync(EngineName, options);

    /// <summary>Registers the cache on another server than the engine's own, as an app does.</summary>
    public IServiceCollection AddCache(IServiceCollection services, EngineServer server) =>
        AddCache(services, options => options.ConnectionString = server.ConnectionString);

    // It is never killed, and nobody pulls its plug: what it would wait for its disk for is what the crash suite tests.
    public override async Task StartAsync() =>
        _server = await EngineServer.StartAsync(EngineName, new EngineOptions { ServerArguments = WithoutDiskWaits });

    public override async Task StopAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}
