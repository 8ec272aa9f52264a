using System.Data.Common;
using Microsoft.Extensions.DependencyInjection;
using SmartCache.Sql;

namespace SmartCache.Docs.Tests.Snippets;

/// <summary>The code of docs/internals/writing-a-provider.md, compiled against nothing but what is public.</summary>
internal static class WritingAProvider
{
    public static IServiceCollection AddSmartFirebirdCache(this IServiceCollection services, Action<SmartFirebirdCacheOptions> configure)
    {
        services
            .AddSmartCache<SmartFirebirdCacheOptions>(
                static options => new FirebirdDialect(options),
                static connectionString => new FirebirdDataSource(connectionString))
            .Configure(configure);
        return services;
    }

    internal sealed class SmartFirebirdCacheOptions : SmartCacheOptions
    {
        public override string CreateTableScript() => new FirebirdDialect(this).CreateTableScript(this);
    }

    private sealed class FirebirdDialect(SmartFirebirdCacheOptions options) : SqlDialect
    {
        public override string EngineName => "Firebird";

        public override string? BeginMerge => null;

        public override string DescribeTable(CacheTable table) => throw Documentation();

        public override string CreateTable(CacheTable table) => throw Documentation();

        public override string Insert(CacheTable table) => throw Documentation();

        public override string Upsert(CacheTable table) => throw Documentation();

        public override string RemoveExpired(CacheTable table) => throw Documentation();

        private NotSupportedException Documentation() => new($"This is documentation: {options}");
    }

    private sealed class FirebirdDataSource(string connectionString) : DbDataSource
    {
        public override string ConnectionString => connectionString;

        protected override DbConnection CreateDbConnection() => throw new NotSupportedException("This is documentation.");
    }
}
