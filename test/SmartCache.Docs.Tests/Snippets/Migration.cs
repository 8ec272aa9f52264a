using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace SmartCache.Docs.Tests.Snippets;

/// <summary>The code of docs/moving-in.md, compiled.</summary>
internal static class MovingIn
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
