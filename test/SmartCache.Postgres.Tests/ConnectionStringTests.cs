using SmartCache.Contract;
using SmartCache.Contract.Engines;
using SmartCache.Contract.Nodes;

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
        {
            await node.Cache.RemoveAsync("key");
        }

        _account.Take();
        await node.Cache.RemoveAsync("key");

        Assert.That(_account.Take().Intersect(["CLOSE", "DISCARD", "SELECT", "UNLISTEN"]), Is.EquivalentTo(resets));
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
