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
        public override string CreateTableScript() => new FirebirdDialect().CreateTableScript(this);
    }
}

namespace Microsoft.Extensions.DependencyInjection
{
    /// <summary>Registers the cache on Firebird.</summary>
    public static class SmartFirebirdCacheServiceCollectionExtensions
    {
        /// <summary>Registers a distributed cache in a Firebird table, which ASP.NET Core's sessions then use.</summary>
        public static IServiceCollection AddSmartFirebirdCache(this IServiceCollection services, Action<SmartFirebirdCacheOptions> configure)
        {
            ArgumentNullException.ThrowIfNull(configure);
            Add(services).Configure(configure);
            return services;
        }

        /// <inheritdoc cref="AddSmartFirebirdCache(IServiceCollection, Action{SmartFirebirdCacheOptions})"/>
        public static IServiceCollection AddSmartFirebirdCache(this IServiceCollection services, string connectionString)
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
            return services.AddSmartFirebirdCache(options => options.ConnectionString = connectionString);
        }

        /// <inheritdoc cref="AddSmartFirebirdCache(IServiceCollection, Action{SmartFirebirdCacheOptions})"/>
        public static IServiceCollection AddSmartFirebirdCache(this IServiceCollection services, IConfiguration section)
        {
            ArgumentNullException.ThrowIfNull(section);
            Add(services).CheckConfiguration(section).Bind(section, binder => binder.ErrorOnUnknownConfiguration = true);
            return services;
        }

        private static OptionsBuilder<SmartFirebirdCacheOptions> Add(IServiceCollection services) =>
            services.AddSmartCache<SmartFirebirdCacheOptions>(static _ => new FirebirdDialect(), Open);

        // A statement must see what others have committed, and report how many rows it changed.
        private static DbDataSource Open(string connectionString) => FirebirdClientFactory.Instance.CreateDataSource(
            new FbConnectionStringBuilder(connectionString) { IsolationLevel = IsolationLevel.ReadCommitted, ReturnRecordsAffected = true }.ToString());
    }
}
