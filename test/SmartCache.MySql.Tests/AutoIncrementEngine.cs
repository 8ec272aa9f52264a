using System.Data.Common;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SmartCache.Contract.Engines;

namespace SmartCache.MySql.Tests;

/// <summary>The same server, with tables that are clustered by an auto-increment id.</summary>
public sealed class AutoIncrementEngine : TestEngine
{
    public override string Name => Server.Name;

    public override DbProviderFactory Driver => Server.Driver;

    public override string ConnectionString => Server.ConnectionString;

    public override SqlClient Client => Server.Client;

    private static MySqlEngine Server => Running.Of<MySqlEngine>();

    public override string Quote(string name) => Server.Quote(name);

    public override Task<StatementAccount> OpenAccountAsync() => Server.OpenAccountAsync();

    public override IServiceCollection AddCache(IServiceCollection services, Action<SmartCacheOptions> configure) =>
        services.AddSmartMySqlCache(options =>
        {
            options.PrimaryKey = MySqlPrimaryKey.AutoIncrement;
            configure(options);
        });

    public override IServiceCollection AddCache(IServiceCollection services, IConfiguration section) =>
        services.AddSmartMySqlCache(options => options.PrimaryKey = MySqlPrimaryKey.AutoIncrement).AddSmartMySqlCache(section);
}
