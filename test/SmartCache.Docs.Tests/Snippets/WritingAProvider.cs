using System.Data.Common;
using Microsoft.Extensions.DependencyInjection;
using SmartCache.Connections;
using SmartCache.Payloads;
using SmartCache.Primitives;
using SmartCache.Rows;
using SmartCache.Sql;

namespace SmartCache.Docs.Tests.Snippets;

/// <summary>The code of docs/internals/writing-a-provider.md, compiled against nothing but what is public.</summary>
internal static class WritingAProvider
{
    public static IServiceCollection AddSmartFirebirdCache(this IServiceCollection services, Action<SmartFirebirdCacheOptions> configure)
    {
        services
            .AddSmartCache<SmartFirebirdCacheOptions>(
                static (options, _) => new PooledConnectionSource(FirebirdDataSource.Open(options.ConnectionString!), ownsDataSource: true))
            .Configure(configure);
        return services;
    }

    internal sealed class SmartFirebirdCacheOptions : SmartCacheOptions
    {
        protected override SqlDialect CreateDialect() => throw new NotSupportedException("This is documentation.");
    }

    private static class FirebirdDataSource
    {
        public static DbDataSource Open(string connectionString) => throw new NotSupportedException($"This is documentation: {connectionString}");
    }
}
