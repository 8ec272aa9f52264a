using System.Data.Common;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SmartCache.Contract.Engines;
using SmartCache.Engines;

namespace SmartCache.Postgres.Tests;

/// <summary>PostgreSQL, in the release that the environment variable <c>DATABASE</c> names; the newest when it is not set.</summary>
public sealed class PostgresEngine : ServerEngine
{
    public override string Name => "PostgreSQL";

    public override DbProviderFactory Driver => NpgsqlFactory.Instance;

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

    protected override IReadOnlyList<string> WithoutDiskWaits => ["--fsync=off"];

    protected override string HostKeyword => "Host";

    protected override EngineName EngineName { get; } = EngineNames.FromEnvironment(EngineName.Postgres, EngineName.Postgres15);

    public override IServiceCollection AddCache(IServiceCollection services, Action<SmartCacheOptions> configure) =>
        services.AddSmartPostgresCache(configure);

    public override IServiceCollection AddCache(IServiceCollection services, IConfiguration section) =>
        services.AddSmartPostgresCache(section);

    public override async Task<StatementAccount> OpenAccountAsync() => await PostgresStatementAccount.OpenAsync(this);

    public override string CreateAccount(string name) => $"CREATE ROLE {name} LOGIN PASSWORD '{name}'";

    public override string DropAccount(string name) => $"DROP OWNED BY {name}; DROP ROLE {name}";

    public override string ConnectAs(string name) => $";Username={name};Password={name}";

    public override async Task StopAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await base.StopAsync();
    }
}
