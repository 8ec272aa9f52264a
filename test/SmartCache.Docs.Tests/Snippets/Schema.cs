using SmartCache.Postgres;

namespace SmartCache.Docs.Tests.Snippets;

/// <summary>The code of docs/internals/schema.md, compiled.</summary>
internal static class Schema
{
    public static void PrintScript()
    {
        Console.Write(new SmartPostgresCacheOptions { SchemaName = "web", TableName = "sessions" }.CreateTableScript());
    }
}
