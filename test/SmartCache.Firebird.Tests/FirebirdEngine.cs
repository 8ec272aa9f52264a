using System.Data.Common;
using FirebirdSql.Data.FirebirdClient;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SmartCache.Contract.Engines;
using SmartCache.Engines;

namespace SmartCache.Firebird.Tests;

/// <summary>Firebird on a server of its own.</summary>
public sealed class FirebirdEngine() : TestEngine(new FirebirdFamily())
{
    private EngineServer? _server;

    public override string ConnectionString => _server?.ConnectionString ?? throw new InvalidOperationException("The server has not been started.");

    public override string DropTable(string table) => Change(
        $"""
        EXECUTE BLOCK AS BEGIN
          IF (EXISTS (SELECT 1 FROM RDB$RELATIONS WHERE RDB$RELATION_NAME = '{table.ToUpperInvariant()}')) THEN
            EXECUTE STATEMENT 'DROP TABLE {Quote(table)}';
        END
        """);

    // Firebird cannot rename a table. Every statement about a row names its expiry.
    public override string Hide(string table) => Change($"ALTER TABLE {Quote(table)} ALTER COLUMN expires_at TO expires_away");

    public override string Show(string table) => Change($"ALTER TABLE {Quote(table)} ALTER COLUMN expires_away TO expires_at");

    public override async Task StartAsync() => _server = await EngineServer.StartAsync("firebird");

    public override async Task StopAsync()
    {
        Family.ClearPools();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    /// <summary>The server does not change a table while an idle connection of the driver's pool still holds it.</summary>
    private string Change(string statement)
    {
        Family.ClearPools();
        return statement;
    }
}

[SetUpFixture]
public sealed class FirebirdSetUp : EngineSetUp<FirebirdEngine>;

internal sealed class FirebirdFamily : EngineFamily
{
    public override string Title => "Firebird";

    public override string Dialect => "firebird";

    public override DbProviderFactory Driver => FirebirdClientFactory.Instance;

    public override string Registration => """builder.Services.AddSmartFirebirdCache("DataSource=localhost;Database=shop;User=shop;Password=…");""";

    public override LastWriterWinsSql LastWriterWins => throw OnlyForContracts;

    private static NotSupportedException OnlyForContracts => new("The example provider is run by the contracts only.");

    public override string Quote(string name) => $"\"{name.ToUpperInvariant()}\"";

    public override IServiceCollection AddCache(IServiceCollection services, Action<SmartCacheOptions> configure) => services.AddSmartFirebirdCache(configure);

    public override IServiceCollection AddCache(IServiceCollection services, IConfiguration section) => services.AddSmartFirebirdCache(section);

    public override string CreateTableScript(string table) => new SmartFirebirdCacheOptions { TableName = table }.CreateTableScript();

    public override Task<StatementCounter> OpenCounterAsync(string connectionString, CounterOptions options, CancellationToken cancellationToken) =>
        throw OnlyForContracts;

    public override Task<StatementAccount> OpenAccountAsync(string connectionString) => throw OnlyForContracts;

    public override Task<List<string>> FindDamageAsync(Database database, string table) => throw OnlyForContracts;

    public override void ClearPools() => FbConnection.ClearAllPools();

    public override SqlClient Client(string connectionString) => throw OnlyForContracts;
}
