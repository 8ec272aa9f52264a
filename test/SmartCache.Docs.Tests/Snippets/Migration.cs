using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace SmartCache.Docs.Tests.Snippets;

/// <summary>The code of docs/migration.md, compiled.</summary>
internal static class Migration
{
    public static void NameTheOldTable(WebApplicationBuilder builder, string connectionString)
    {
        builder.Services.AddSmartPostgresCache(options =>
        {
            options.ConnectionString = connectionString;
            options.LegacyTable = LegacyTable.MicrosoftPostgres("public", "cache");
        });
    }
}
