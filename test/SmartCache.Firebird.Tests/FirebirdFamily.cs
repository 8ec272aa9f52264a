using FirebirdSql.Data.FirebirdClient;

namespace SmartCache.Firebird.Tests;

/// <summary>What the contracts need to know of Firebird. The crash suite and the benchmarks do not run the example provider.</summary>
internal sealed class FirebirdFamily : EngineFamily
{
    public override string Title => "Firebird";
    public override string Dialect => "firebird";
    public override DbProviderFactory Driver => FirebirdClientFactory.Instance;
    public override string Registration => """builder.Services.AddSmartFirebirdCache("DataSource=localhost;Database=shop;User=shop;Password=…");""";
    public override LastWriterWinsSql LastWriterWins => throw OnlyForContracts;
    public override int MaxNameLength => 31;
    public override string HostKeyword => "DataSource";
    private static NotSupportedException OnlyForContracts => new("The example provider is run by the contracts only.");

    public override string Quote(string name) => $"\"{name.ToUpperInvariant()}\"";

    public override IServiceCollection AddCache(IServiceCollection services, Action<SmartCacheOptions> configure, string? key = null) =>
        key is null ? services.AddSmartFirebirdCache(configure) : services.AddKeyedSmartFirebirdCache(key, configure);

    public override IServiceCollection AddCache(IServiceCollection services, IConfiguration section, string? key = null) =>
        key is null ? services.AddSmartFirebirdCache(section) : services.AddKeyedSmartFirebirdCache(key, section);

    public override string CreateTableScript(string table) => new SmartFirebirdCacheOptions { TableName = table }.CreateTableScript().TrimEnd(';', '\n');

    public override Task<StatementCounter> OpenCounterAsync(string connectionString, CounterOptions options, CancellationToken cancellationToken) =>
        throw OnlyForContracts;

    public override Task<StatementAccount> OpenAccountAsync(string connectionString) => throw OnlyForContracts;

    public override Task<List<string>> FindDamageAsync(Database database, string table) => throw OnlyForContracts;

    public override void ClearPools() => FbConnection.ClearAllPools();

    public override SqlClient Client(string connectionString) => throw OnlyForContracts;

    public override string CreateAccount(string name) => $"CREATE USER {name} PASSWORD '{name}' USING PLUGIN Srp";

    public override string DropAccount(string name) => $"DROP USER {name} USING PLUGIN Srp";

    public override string Denial => "no (permission|privilege) for";

    public override string ConnectAs(string name) => $";User={name};Password={name}";
}
