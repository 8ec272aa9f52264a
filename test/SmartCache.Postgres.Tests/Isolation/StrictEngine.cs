using System.Data.Common;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SmartCache.Contract.Engines;

namespace SmartCache.Postgres.Tests.Isolation;

/// <summary>The same server, with a database whose transactions are stricter unless they say otherwise.</summary>
public abstract class StrictEngine(string isolation) : TestEngine
{
    private readonly string _database = isolation.Replace(' ', '_');

    public override string Name => $"PostgreSQL, {isolation}";

    public override DbProviderFactory Driver => Server.Driver;

    public override string ConnectionString => $"{Server.ConnectionString};Database={_database}";

    public override SqlClient Client => Server.Client;

    private static PostgresEngine Server => Running.Of<PostgresEngine>();

    public override Task<StatementAccount> OpenAccountAsync() => throw new NotSupportedException("Statements are counted in the main database.");

    public override IServiceCollection AddCache(IServiceCollection services, Action<SmartCacheOptions> configure) => Server.AddCache(services, configure);

    public override IServiceCollection AddCache(IServiceCollection services, IConfiguration section) => Server.AddCache(services, section);

    public override Task StartAsync() => RunAsync(
        $"DROP DATABASE IF EXISTS {_database}",
        $"CREATE DATABASE {_database}",
        $"ALTER DATABASE {_database} SET default_transaction_isolation TO '{isolation}'");

    public override Task StopAsync()
    {
        NpgsqlConnection.ClearAllPools();
        return RunAsync($"DROP DATABASE {_database} WITH (FORCE)");
    }

    private static async Task RunAsync(params string[] statements)
    {
        await using var connection = (NpgsqlConnection)Server.OpenConnection();
        foreach (var statement in statements)
        {
            await using var command = new NpgsqlCommand(statement, connection);
            await command.ExecuteNonQueryAsync();
        }
    }
}
