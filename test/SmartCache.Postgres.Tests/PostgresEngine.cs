using System.Data.Common;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SmartCache.Contract.Engines;
using SmartCache.Engines;

namespace SmartCache.Postgres.Tests;

public sealed class PostgresEngine : TestEngine
{
    private EngineServer? _server;

    public override string Name => "PostgreSQL";

    public override DbProviderFactory Driver => NpgsqlFactory.Instance;

    public override string ConnectionString => Server.ConnectionString;

    public override SqlClient Client
    {
        get
        {
            var login = new NpgsqlConnectionStringBuilder(ConnectionString);
            return new SqlClient(
                "postgres",
                "psql",
                "postgresql-client-common postgresql-client",
                ["--no-psqlrc", "--quiet", "--no-align", "--tuples-only", "--field-separator=\t", "--set=ON_ERROR_STOP=1",
                    $"--host={login.Host}", $"--port={login.Port}", $"--username={login.Username}", $"--dbname={login.Database}"],
                new Dictionary<string, string> { ["PGPASSWORD"] = login.Password! });
        }
    }

    public EngineServer Server => _server ?? throw new InvalidOperationException("The server has not been started.");

    public override IServiceCollection AddCache(IServiceCollection services, Action<SmartCacheOptions> configure) =>
        services.AddSmartPostgresCache(configure);

    public override IServiceCollection AddCache(IServiceCollection services, IConfiguration section) =>
        services.AddSmartPostgresCache(section);

    public override async Task<StatementAccount> OpenAccountAsync() => await PostgresStatementAccount.OpenAsync(this);

    public override async Task StartAsync() => _server = await EngineServer.StartAsync(EngineName.Postgres);

    public override async Task StopAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}
