using System.Data.Common;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SmartCache.Contract.Engines;
using SmartCache.Contract.Rows;

namespace SmartCache.Sqlite.Tests;

/// <summary>The same file, with tables in which every row stands under a hash of its key.</summary>
public sealed class HashedSqliteEngine(SqliteEngine file) : TestEngine
{
    public HashedSqliteEngine()
        : this(Running.Of<SqliteEngine>())
    {
    }

    public override string Name => file.Name;

    public override DbProviderFactory Driver => file.Driver;

    public override string ConnectionString => file.ConnectionString;

    public override SqlClient Client => file.Client;

    public override byte[] KeyBytes(string key) => RawTable.Hash(key);

    public override Task<StatementAccount> OpenAccountAsync() => file.OpenAccountAsync();

    public override IServiceCollection AddCache(IServiceCollection services, Action<SmartCacheOptions> configure) =>
        services.AddSmartSqliteCache(options =>
        {
            options.StoreKeyHash = true;
            configure(options);
        });

    public override IServiceCollection AddCache(IServiceCollection services, IConfiguration section) =>
        services.AddSmartSqliteCache(options => options.StoreKeyHash = true).AddSmartSqliteCache(section);
}
