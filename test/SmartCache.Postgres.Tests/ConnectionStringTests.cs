using Npgsql;

namespace SmartCache.Postgres.Tests;

/// <summary>What the connection string says itself stands, however it is spelled.</summary>
public sealed class ConnectionStringTests : EngineContract<PostgresEngine>
{
    private StatementAccount _account = null!;

    [OneTimeSetUp]
    public async Task OpenAccount() => _account = await Engine.OpenAccountAsync();

    [OneTimeTearDown]
    public ValueTask CloseAccount() => _account.DisposeAsync();

    // Without prepared statements Npgsql resets a connection by one statement, with them by six.
    [TestCase("", new string[0])]
    [TestCase("No Reset On Close=false;Max Auto Prepare=0", new[] { "DISCARD" })]
    [TestCase("NoResetOnClose=false;MaxAutoPrepare=0", new[] { "DISCARD" })]
    [TestCase("noresetonclose=false;MAXAUTOPREPARE=0", new[] { "DISCARD" })]
    [TestCase("noresetonclose=false", new[] { "CLOSE", "DISCARD", "SELECT", "UNLISTEN" })]
    [TestCase("NoResetOnClose=true", new string[0])]
    public async Task A_reset_of_connections_is_the_users_choice(string added, string[] resets)
    {
        await using var node = new Node(Engine, Table.Name, Time, CallStyle.Asynchronous, options =>
        {
            _account.Connect(options);
            options.ConnectionString += $";{added}";
        });
        for (var i = 0; i < 5; i++)
            await node.Cache.RemoveAsync("key");

        _account.Take();
        await node.Cache.RemoveAsync("key");

        Assert.That(_account.Take().Intersect(["CLOSE", "DISCARD", "SELECT", "UNLISTEN"]), Is.EquivalentTo(resets));
    }

    /// <summary>PostgreSQL tells the whole row that violates a constraint; the exception goes into logs.</summary>
    [TestCase("")]
    [TestCase("Include Error Detail=true")]
    [TestCase("Include Error Detail=true;Pooling=true")]
    public async Task An_exception_of_the_driver_shows_nothing_of_the_row(string added)
    {
        var own = NewTable();
        await using var node = new Node(Engine, own.Name, Time, CallStyle.Asynchronous, options => options.ConnectionString += $";{added}");
        await node.Cache.GetAsync("creates the table");
        own.Run("ALTER TABLE {0} ADD CONSTRAINT small CHECK (length(value) < 3)");
        var failure = Assert.ThrowsAsync<PostgresException>(() => node.Cache.SetAsync("secret key", "secret value"u8.ToArray(), Expires.ByDefault));

        var shown = $"{failure} {failure!.Detail} {string.Join(' ', failure.Data.Values.Cast<object>())}";
        Assert.That(shown, Does.Contain("small").And.Not.Contain("secret").And.Not.Contain(Convert.ToHexStringLower("secret"u8)));
    }

    [TestCase("", "SmartCache")]
    [TestCase("Application Name=shop", "shop")]
    [TestCase("applicationname=other shop", "other shop")]
    public async Task A_connection_is_named_after_the_cache_unless_it_has_a_name(string added, string name)
    {
        await using var node = new Node(Engine, Table.Name, Time, CallStyle.Asynchronous, options =>
        {
            _account.Connect(options);
            options.ConnectionString += $";{added}";
        });
        await node.Cache.GetAsync("key");

        Assert.That(Table.List("SELECT application_name FROM pg_stat_activity WHERE usename = 'counted'"), Has.Member(name));
    }
}
