using System.Data;
using System.Data.Common;
using FirebirdSql.Data.FirebirdClient;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using SmartCache.Firebird;

namespace SmartCache.Firebird
{
    /// <summary>The options of the cache on Firebird.</summary>
    public sealed class SmartFirebirdCacheOptions : SmartCacheOptions
    {
        /// <inheritdoc/>
        public override string CreateTableScript() => new FirebirdDialect(this).CreateTableScript(this);
    }
}

namespace Microsoft.Extensions.DependencyInjection
{
    /// <summary>Registers the cache on Firebird.</summary>
    public static class SmartFirebirdCacheServiceCollectionExtensions
    {
        /// <summary>Registers a distributed cache in a Firebird table, which ASP.NET Core's sessions then use.</summary>
        public static IServiceCollection AddSmartFirebirdCache(this IServiceCollection services, Action<SmartFirebirdCacheOptions> configure) =>
            Add(services).Configure(configure).Services;

        /// <inheritdoc cref="AddSmartFirebirdCache(IServiceCollection, Action{SmartFirebirdCacheOptions})"/>
        public static IServiceCollection AddSmartFirebirdCache(this IServiceCollection services, string connectionString) =>
            services.AddSmartFirebirdCache(options => options.ConnectionString = connectionString);

        /// <inheritdoc cref="AddSmartFirebirdCache(IServiceCollection, Action{SmartFirebirdCacheOptions})"/>
        public static IServiceCollection AddSmartFirebirdCache(this IServiceCollection services, IConfiguration section) =>
            Add(services).CheckConfiguration(section).Bind(section, static binder => binder.ErrorOnUnknownConfiguration = true).Services;

        private static OptionsBuilder<SmartFirebirdCacheOptions> Add(IServiceCollection services) => services.AddSmartCache<SmartFirebirdCacheOptions>(
            static options => new FirebirdDialect(options), Connect);

        // The old version of a row, and with it the value, stays only while a snapshot may read it.
        private static DbDataSource Connect(string connectionString) => FirebirdClientFactory.Instance.CreateDataSource(
            new FbConnectionStringBuilder(connectionString) { IsolationLevel = IsolationLevel.Snapshot, ReturnRecordsAffected = true }.ToString());
    }
}
