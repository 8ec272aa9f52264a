using SmartCache.MySql;
using SmartCache.Postgres;
using SmartCache.Sqlite;

namespace SmartCache.Docs.Tests;

public sealed class CodeBlockTests
{
    private const string Example = "samples/SmartCache.Firebird";

    private static IEnumerable<CodeBlock> CSharp => Page.All.SelectMany(page => page.CodeBlocks).Where(block => block.Language == "csharp");

    [TestCaseSource(nameof(CSharp))]
    public void Code_on_a_page_stands_in_a_file_that_compiles(object page)
    {
        var block = (CodeBlock)page;
        var compiled = ((string[])["test/SmartCache.Docs.Tests/Snippets", Example])
            .SelectMany(static folder => Directory.GetFiles(Path.Combine(Repository.Root, folder), "*.cs"))
            .Select(file => string.Join('\n', File.ReadLines(file).Select(line => line.Trim()).Where(line => line.Length > 0)));

        Assert.That(compiled, Has.Some.Contains(string.Join('\n', block.Trimmed)), $"Put the code of {block} into a file of Snippets, as it is.");
    }

    [Test]
    public void The_example_of_a_provider_is_short_and_sees_no_internals()
    {
        var lines = Directory.GetFiles(Path.Combine(Repository.Root, Example)).Sum(static file => File.ReadLines(file).Count());
        var projects = Directory.GetFiles(Repository.Root, "*.csproj", SearchOption.AllDirectories);

        Assert.That(lines, Is.InRange(1, 220));
        Assert.That(projects.Where(static project => File.ReadAllText(project).Contains("InternalsVisibleTo Include=\"SmartCache.Firebird", StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public void The_schema_page_shows_the_scripts_of_the_default_options()
    {
        SmartCacheOptions[] options = [new SmartSqliteCacheOptions(), new SmartPostgresCacheOptions(), new SmartMySqlCacheOptions()];
        var shown = CodeBlock.In("docs/internals/schema.md").Where(block => block.Language == "sql").Select(Text).ToList();

        foreach (var script in options.Select(engine => engine.CreateTableScript()))
            Assert.That(shown, Has.Some.EqualTo(script.Trim()));
    }

    [Test]
    public void The_schema_page_shows_how_the_owner_is_added_as_the_scripts_create_it()
    {
        SmartCacheOptions[] options = [new SmartSqliteCacheOptions(), new SmartPostgresCacheOptions(), new SmartMySqlCacheOptions()];
        var shown = CodeBlock.In("docs/internals/schema.md").Where(block => block.Language == "sql").ToList();
        foreach (var script in options.Select(engine => engine.CreateTableScript().Split('\n')))
        {
            var table = script.First(static line => line.StartsWith("CREATE TABLE", StringComparison.Ordinal)).Split(' ')[5];
            var column = script.Single(line => line.StartsWith($"  {table[0]}owner", StringComparison.Ordinal)).Replace(" NULL,", ";", StringComparison.Ordinal);
            Assert.That(shown.SelectMany(block => block.Lines), Has.Some.EqualTo($"ALTER TABLE {table} ADD {column.Trim()}"));
        }
    }

    private static string Text(CodeBlock block) => string.Join('\n', block.Lines).Trim();
}
