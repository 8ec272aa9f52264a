using SmartCache.MySql;
using SmartCache.Postgres;
using SmartCache.Sqlite;

namespace SmartCache.Docs.Tests;

public sealed class CodeBlockTests
{
    private static IEnumerable<CodeBlock> CSharp => Page.All.SelectMany(page => page.CodeBlocks).Where(block => block.Language == "csharp");

    [TestCaseSource(nameof(CSharp))]
    public void Code_on_a_page_stands_in_a_file_that_compiles(object page)
    {
        var block = (CodeBlock)page;
        var compiled = Directory.GetFiles(Path.Combine(Repository.Root, "test", "SmartCache.Docs.Tests", "Snippets"), "*.cs")
            .Select(file => string.Join('\n', File.ReadLines(file).Select(line => line.Trim()).Where(line => line.Length > 0)));

        Assert.That(compiled, Has.Some.Contains(string.Join('\n', block.Trimmed)), $"Put the code of {block} into a file of Snippets, as it is.");
    }

    [Test]
    public void The_schema_page_shows_the_scripts_of_the_default_options()
    {
        SmartCacheOptions[] options = [new SmartSqliteCacheOptions(), new SmartPostgresCacheOptions(), new SmartMySqlCacheOptions()];
        var shown = CodeBlock.In("docs/internals/schema.md").Where(block => block.Language == "sql").Select(Text).ToList();

        foreach (var script in options.Select(engine => engine.CreateTableScript()))
        {
            Assert.That(shown, Has.Some.EqualTo(script.Trim()));
        }
    }

    private static string Text(CodeBlock block) => string.Join('\n', block.Lines).Trim();
}
