namespace SmartCache.Contract.Json;

/// <summary>A session saved as JSON looks as docs/internals/schema.md shows it, and its statements find it.</summary>
public abstract class JsonInSqlContract<TEngine>(CallStyle style, ConcurrencyMode mode) : SessionContract<TEngine>(style, mode)
    where TEngine : TestEngine, new()
{
    protected override void Configure(SmartCacheOptions options)
    {
        base.Configure(options);
        options.PayloadFormat = PayloadFormat.Json;
    }

    [Test]
    public async Task A_session_looks_as_the_documentation_shows_it_and_is_read_back()
    {
        await SaveTheDocumentedSessionAsync();

        var (row, shown) = (Table.Row(Key), SchemaPage.Session);
        Assert.That(row.Format, Is.EqualTo(2));
        Assert.That(WithoutId(Encoding.UTF8.GetString(row.Value)), Is.EqualTo(WithoutId(shown)));
        await RequestAsync(async request =>
        {
            var session = await request.LoadAsync();
            Assert.That(session.Keys, Is.EqualTo(new[] { "user", "note", "hits" }));
            Assert.That((session.GetString("user"), session.GetString("note"), session.GetInt32("hits")), Is.EqualTo(("eve", "☃", (int?)5)));
        });
    }

    [Test]
    public async Task The_id_in_it_is_that_of_the_session()
    {
        var request = await LoadedAsync();
        await request.SetAsync("user", "eve");
        await request.EndAsync();

        Assert.That(Encoding.UTF8.GetString(Table.Row(Key).Value), Does.StartWith($$"""{"id":"{{request.Session.Id}}","""));
    }

    [TestCase("eve")]
    [TestCase("☃")]
    [TestCase("Ève Ångström 😀")]
    public async Task The_documented_statement_finds_the_user_that_it_asks_for(string user)
    {
        await SaveAsync(("user", user));
        await SimulatedRequest.SaveAsync(Node, SimulatedRequest.NewKey(), "user", "bob");
        await SimulatedRequest.SaveAsync(Node, SimulatedRequest.NewKey(), "user", $"{user}!");

        Assert.That(Table.List(SchemaPage.FindEve(Engine).Replace("'eve'", $"'{user}'", StringComparison.Ordinal)), Is.EqualTo(new[] { Key }));
    }

    [Test]
    public async Task The_documented_statement_passes_over_rows_of_other_formats()
    {
        await SaveTheDocumentedSessionAsync();
        var binary = NewNode(options => options.PayloadFormat = PayloadFormat.Binary);
        await SimulatedRequest.SaveAsync(binary, SimulatedRequest.NewKey(), "user", "eve");
        await Cache.SetAsync("page", [0xFF, 0, 1], Values.Expires.ByDefault);

        Assert.That(Table.Count(), Is.EqualTo(3));
        Assert.That(Table.List(SchemaPage.FindEve(Engine)), Is.EqualTo(new[] { Key }));
    }

    private Task SaveTheDocumentedSessionAsync() => RequestAsync(async request =>
    {
        var session = await request.LoadAsync();
        session.SetString("user", "eve");
        session.SetString("note", "☃");
        session.SetInt32("hits", 5);
    });

    private static string WithoutId(string json)
    {
        const string Start = "{\"id\":\"";
        Assert.That(json, Does.StartWith(Start));
        return json[(Start.Length + Guid.Empty.ToString().Length)..];
    }
}

/// <summary>The examples of docs/internals/schema.md, as they stand there.</summary>
internal static class SchemaPage
{
    private const string Section = "## Reading sessions in SQL";

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
