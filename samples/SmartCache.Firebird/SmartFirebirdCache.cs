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

        /// <summary>The same for one of several caches: a keyed service with options of the same name.</summary>
        public static IServiceCollection AddKeyedSmartFirebirdCache(this IServiceCollection services, string name, Action<SmartFirebirdCacheOptions> configure) =>
            Add(services, name).Configure(configure).Services;

        /// <inheritdoc cref="AddSmartFirebirdCache(IServiceCollection, Action{SmartFirebirdCacheOptions})"/>
        public static IServiceCollection AddSmartFirebirdCache(this IServiceCollection services, IConfiguration section) =>
            Add(services).CheckConfiguration(section).Bind(section, static binder => binder.ErrorOnUnknownConfiguration = true).Services;

        /// <inheritdoc cref="AddKeyedSmartFirebirdCache(IServiceCollection, string, Action{SmartFirebirdCacheOptions})"/>
        public static IServiceCollection AddKeyedSmartFirebirdCache(this IServiceCollection services, string name, IConfiguration section) =>
            Add(services, name).CheckConfiguration(section).Bind(section, static binder => binder.ErrorOnUnknownConfiguration = true).Services;

        private static OptionsBuilder<SmartFirebirdCacheOptions> Add(IServiceCollection services, string? name = null) =>
            services.AddSmartCache<SmartFirebirdCacheOptions>(static options => new FirebirdDialect(options), Connect, name);

        // The old version of a row, and with it the value, stays only while a snapshot may read it.
        private static DbDataSource Connect(string connectionString) => FirebirdClientFactory.Instance.CreateDataSource(
            new FbConnectionStringBuilder(connectionString) { IsolationLevel = IsolationLevel.Snapshot, ReturnRecordsAffected = true }.ToString());
    }
}
