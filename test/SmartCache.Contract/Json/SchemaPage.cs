namespace SmartCache.Contract.Json;

/// <summary>The examples of docs/internals/schema.md, as they stand there.</summary>
internal static class SchemaPage
{
    private const string Section = "## Reading sessions in SQL";

    /// <summary>The session shown as JSON.</summary>
    public static string Session => Block("json").Trim();

    /// <summary>The statement that finds eve's sessions, in the engine's SQL; <c>{0}</c> stands for the table.</summary>
    public static string FindEve(TestEngine engine)
    {
        var statements = Block("sql").Split("-- ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var own = statements.Single(statement => statement.Split('\n')[0].Contains(engine.Name, StringComparison.OrdinalIgnoreCase));
        var text = own[own.IndexOf('\n', StringComparison.Ordinal)..];
        return text.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal).Replace("smart_cache", "{0}", StringComparison.Ordinal);
    }

    private static string Block(string language)
    {
        var section = Text().Split(Section)[1];
        return section.Split($"```{language}\n")[1].Split("```")[0];
    }

    private static string Text()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "docs", "internals", "schema.md")))
        {
            folder = folder.Parent ?? throw new AssertionException($"docs/internals/schema.md is not above {AppContext.BaseDirectory}.");
        }

        return File.ReadAllText(Path.Combine(folder.FullName, "docs", "internals", "schema.md"));
    }
}
