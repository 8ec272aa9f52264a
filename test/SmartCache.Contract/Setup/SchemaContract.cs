using NUnit.Framework.Constraints;

namespace SmartCache.Contract.Setup;

/// <summary>The table: made on first use where that is allowed, taken as it is where it exists, with whatever columns the user added.</summary>
public abstract class SchemaContract<TEngine>(CallStyle style) : StyledContract<TEngine>(style)
    where TEngine : TestEngine, new()
{
    private RawTable _own = null!;

    [SetUp]
    public void ChooseTable() => _own = NewTable();


    [Test]
    public async Task The_table_is_created_on_first_use_and_not_before()
    {
        var cache = On(_own).Cache;
        Assert.That(() => _own.Count(), Throws.Exception, "there is no table yet");
        await cache.SetAsync("key", [1], Expires.ByDefault);

        Assert.That(_own.Count(), Is.EqualTo(1));
    }

    [Test]
    public async Task A_missing_table_that_may_not_be_created_is_an_error_that_names_it_until_it_comes()
    {
        var cache = On(_own, options => options.CreateTableIfNotExists = false).Cache;
        Assert.That(
            () => cache.GetAsync("key"),
            Throws.InvalidOperationException.With.Message.Contains(_own.Name).And.Message.Contains(nameof(SmartCacheOptions.CreateTableIfNotExists)));
        Assert.That(() => _own.Count(), Throws.Exception, "it was not created");

        await On(_own).Cache.GetAsync("creates the table");
        await cache.SetAsync("key", [1], Expires.ByDefault);
        Assert.That(await cache.GetAsync("key"), Is.EqualTo(new byte[] { 1 }));
    }

    [Test]
    public async Task An_existing_table_is_used_without_being_created([Values] bool mayCreate)
    {
        await On(_own).Cache.SetAsync("key", [1], Expires.ByDefault);
        var cache = On(_own, options => options.CreateTableIfNotExists = mayCreate).Cache;

        Assert.That(await cache.GetAsync("key"), Is.EqualTo(new byte[] { 1 }));
    }

    [Test]
    public async Task Nodes_that_start_together_create_one_table_between_them()
    {
        var nodes = Enumerable.Range(0, 4).Select(_ => On(_own)).ToList();
        await Task.WhenAll(nodes.Select((node, number) => Task.Run(() => node.Cache.SetAsync($"key {number}", [1], Expires.ByDefault))));

        Assert.That(_own.Count(), Is.EqualTo(4));
    }

    [Test]
    public void A_table_of_another_layout_is_an_error_that_names_what_it_lacks()
    {
        _own.Alter($"CREATE TABLE {{0}} ({Engine.Quote("cache_key")} INT, {Engine.Quote("value")} INT, {Engine.Quote("version")} INT)");

        Assert.That(
            () => On(_own).Cache.GetAsync("key"),
            Throws.InvalidOperationException.With.Message.Contains(_own.Name).IgnoreCase
                .And.Message.Contains("sliding_ms").And.Message.Contains("expires_at").And.Message.Not.Contains(" version"));
    }

    // Dancer::Session::DBI: further columns of the user's own are left alone.
    [Test]
    public async Task Columns_of_the_users_own_are_left_alone()
    {
        var node = On(_own);
        await node.Cache.SetAsync("page", [1], Expires.ByDefault);
        _own.Alter($"ALTER TABLE {{0}} ADD {Engine.Quote("note")} VARCHAR(20) DEFAULT 'none' NOT NULL");
        await SimulatedRequest.SaveAsync(node, "session", "a", "1");
        Assert.That(_own.Ask("SELECT COUNT(*) FROM {0} WHERE note = 'none'"), Is.EqualTo(2), "a new row gets the default");
        _own.Tamper("page", "note", "mine");
        _own.Tamper("session", "note", "mine");

        await node.Cache.SetAsync("page", [2], Expires.ByDefault);
        await SimulatedRequest.SaveAsync(node, "session", "a", "2");
        Time.Advance(TimeSpan.FromMinutes(5));
        await node.Cache.RefreshAsync("page");
        await node.Inner.FlushAsync();

        Assert.That(_own.Row("page").Value, Is.EqualTo(new byte[] { 2 }));
        Assert.That(_own.Entries("session"), Is.EqualTo("a=2"));
        Assert.That(_own.Ask("SELECT COUNT(*) FROM {0} WHERE note = 'mine'"), Is.EqualTo(2));
    }

    [Test]
    public async Task The_columns_may_have_other_names_even_reserved_words()
    {
        var names = new[] { "select", "key", "Order", "a b", "_", "v$", "from-to", "table", "where", "1st", "Group" };
        var node = On(_own, options => (options.Columns.KeyCrc32, options.Columns.CacheKey, options.Columns.Value, options.Columns.Format,
            options.Columns.Version, options.Columns.RecentVersions, options.Columns.ExpiresAt, options.Columns.SlidingMs,
            options.Columns.AbsoluteAt, options.Columns.CreatedAt, options.Columns.UpdatedAt) =
            (names[0], names[1], names[2], names[3], names[4], names[5], names[6], names[7], names[8], names[9], names[10]));
        await SimulatedRequest.SaveAsync(node, "session", "a", "1");
        await SimulatedRequest.SaveAsync(node, "session", "a", "2");
        Time.Advance(TimeSpan.FromHours(1));
        await node.Cache.SetAsync("page", [1], Expires.ByDefault);
        Assert.That(await node.Inner.RemoveExpiredAsync(), Is.EqualTo(1));

        Assert.That(await node.Cache.GetAsync("page"), Is.EqualTo(new byte[] { 1 }));
        Assert.That(_own.Ask($"SELECT COUNT({string.Join("), COUNT(", names.Select(Engine.Quote))}) FROM {{0}}"), Is.EqualTo(1));
    }

    [TestCase("My-Cache $1 table")]
    [TestCase("select")]
    [TestCase("1")]
    public async Task A_table_name_may_be_odd(string name) => await AssertUsableAsync(name);

    [Test]
    public async Task A_table_name_may_be_as_long_as_the_engine_allows()
    {
        var longest = "a_long_name".PadRight(Engine.MaxNameLength, 'x');
        await AssertUsableAsync(longest);

        Assert.That(() => On(new RawTable(Engine, longest + 'x')), Refused($".{nameof(SmartCacheOptions.TableName)} "));
    }

    [TestCase("")]
    [TestCase("blank ")]
    [TestCase("quo\"te")]
    [TestCase("quo'te")]
    [TestCase("quo`te")]
    [TestCase("x; DROP TABLE y")]
    [TestCase("@crc")]
    [TestCase("a_name_that_is_longer_than_the_64_characters_that_any_engine_allows")]
    public void A_name_that_cannot_be_quoted_is_refused_by_option(string name)
    {
        Assert.That(() => On(new RawTable(Engine, name)), Refused($".{nameof(SmartCacheOptions.TableName)} "));
        Assert.That(() => On(_own, options => options.Columns.ExpiresAt = name), Refused($".{nameof(SmartCacheOptions.Columns)}.{nameof(CacheColumns.ExpiresAt)} "));
    }

    [Test]
    public void Two_columns_of_one_name_are_refused() =>
        Assert.That(() => On(_own, options => options.Columns.CreatedAt = "UPDATED_AT"), Refused("UpdatedAt is 'updated_at'"));

    private async Task AssertUsableAsync(string name)
    {
        var odd = new RawTable(Engine, name);
        odd.Drop();
        try
        {
            await using var node = On(odd);
            await SimulatedRequest.SaveAsync(node, "session", "a", "1");
            await SimulatedRequest.SaveAsync(node, "session", "a", "2");

            Assert.That(odd.Entries("session"), Is.EqualTo("a=2"));
        }
        finally
        {
            odd.Drop();
        }
    }

    private static ContainsConstraint Refused(string part) =>
        Throws.TypeOf<OptionsValidationException>().With.Message.Contains(part);

    private Node On(RawTable table, Action<SmartCacheOptions>? configure = null) => NewNode(configure, table: table);
}
