using System.Data.Common;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SmartCache.Contract.Engines;
using SmartCache.Engines;

namespace SmartCache.MySql.Tests;

/// <summary>MariaDB or MySQL, as the environment variable <c>DATABASE</c> says; MariaDB unless it says so.</summary>
public sealed class MySqlEngine : TestEngine
{
    private readonly EngineName _name =
        string.Equals(Environment.GetEnvironmentVariable("DATABASE"), "mysql", StringComparison.OrdinalIgnoreCase) ? EngineName.MySql : EngineName.MariaDb;

    private EngineServer? _server;

    public override string Name => _name.ToString();

    public override DbProviderFactory Driver => MySqlTestDriver.Factory;

    public override string ConnectionString => Server.ConnectionString;

    public override SqlClient Client
    {
        get
        {
            var login = new DbConnectionStringBuilder { ConnectionString = ConnectionString };
            return new SqlClient(
                "mysql",
                "mariadb",
                "mariadb-client-core libmariadb3",
                ["--no-defaults", "--batch", "--skip-column-names", "--default-character-set=utf8mb4", "--skip-ssl-verify-server-cert",
                    $"--host={login["Server"]}", $"--port={login["Port"]}", $"--user={login["User ID"]}", $"--database={login["Database"]}"],
                new Dictionary<string, string> { ["MYSQL_PWD"] = (string)login["Password"] });
        }
    }

    public EngineServer Server => _server ?? throw new InvalidOperationException("The server has not been started.");

    public override string Quote(string name) => $"`{name}`";

    public override IServiceCollection AddCache(IServiceCollection services, Action<SmartCacheOptions> configure) =>
        services.AddSmartMySqlCache(configure);

    public override IServiceCollection AddCache(IServiceCollection services, IConfiguration section) =>
        services.AddSmartMySqlCache(section);

    public override async Task<StatementAccount> OpenAccountAsync() => await MySqlStatementAccount.OpenAsync(this);

    public override async Task StartAsync() => _server = await EngineServer.StartAsync(_name);

    public override async Task StopAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}
