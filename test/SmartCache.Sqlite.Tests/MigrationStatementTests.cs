namespace SmartCache.Sqlite.Tests;

/// <summary>What a legacy table costs, as SQLite counts.</summary>
public sealed class MigrationStatementTests(CallStyle style) : LegacyTableContract<SqliteEngine, NeoSmartTable>(style)
{
    private TracedSqlite _trace = null!;

    [TearDown]
    public async Task CloseConnections() => await _trace.DisposeAsync();

    [Test]
    public async Task Without_the_option_no_statement_names_the_legacy_table()
    {
        await BeginAsync(legacy: null);

        await Cache.GetAsync("key");
        Assert.That(Verbs(), Is.EqualTo(new[] { "SELECT" }));
        await Cache.SetAsync("key", Value, new());
        Assert.That(Verbs(), Is.EqualTo(new[] { "INSERT" }));
        await Cache.GetAsync("key");
        Assert.That(Verbs(), Is.EqualTo(new[] { "SELECT" }));
        await Cache.RemoveAsync("key");
        Assert.That(Verbs(), Is.EqualTo(new[] { "DELETE" }));
        await Cache.RefreshAsync("other");
        await Node.Inner.FlushAsync();
        Assert.That(Verbs(), Is.EqualTo(new[] { "UPDATE" }));
    }

    [Test]
    public async Task With_the_option_a_missing_row_costs_one_look_more_and_a_row_of_ours_what_it_cost_before()
    {
        await BeginAsync(Legacy.Description);
        await Cache.GetAsync("nowhere");
        Assert.That(Verbs(), Is.EqualTo(new[] { "SELECT", "SELECT" }));
        await Cache.SetAsync("key", Value, new());
        Assert.That(Verbs(), Is.EqualTo(new[] { "DELETE", "INSERT" }));
        await Cache.GetAsync("key");
        await Node.Inner.FlushAsync();
        Assert.That(Verbs(), Is.EqualTo(new[] { "SELECT", "UPDATE" }));
    }

    [Test]
    public async Task A_row_is_migrated_once()
    {
        await BeginAsync(Legacy.Description);
        Legacy.Put("key", Value, Soon);
        await Cache.GetAsync("key");
        Assert.That(Verbs(), Is.EqualTo(new[] { "SELECT", "SELECT", "SELECT", "INSERT", "DELETE" }));

        await Cache.GetAsync("key");
        Assert.That(Verbs(), Is.EqualTo(new[] { "SELECT" }));
    }

    private async Task BeginAsync(LegacyTable? legacy)
    {
        _trace = new TracedSqlite(Engine.ConnectionString);
        Use(options =>
        {
            (options.ConnectionString, options.DataSource) = (null, _trace);
            options.LegacyTable = legacy;
        });
        await Cache.GetAsync("the first use looks at the tables");
        _trace.Take();
    }

    private IEnumerable<string> Verbs() => _trace.Take().Select(static text => text[..text.IndexOf(' ', StringComparison.Ordinal)]);
}
