namespace SmartCache.MySql.Tests;

/// <summary>What the user wrote in the connection string stands, however it is spelled.</summary>
public sealed class ConnectionStringTests : EngineContract<MySqlEngine>
{
    private StatementAccount _account = null!;

    [OneTimeSetUp]
    public async Task OpenAccount() => _account = await Engine.OpenAccountAsync();

    [OneTimeTearDown]
    public ValueTask CloseAccount() => _account.DisposeAsync();

    // With a reset of each connection the server sees more than the statement.
    [TestCase("", false)]
    [TestCase("Connection Reset=True", true)]
    [TestCase("ConnectionReset=True", true)]
    [TestCase("connectionreset=true", true)]
    [TestCase("CONNECTION RESET=True;pooling=true", true)]
    public async Task A_reset_of_connections_is_the_users_choice(string added, bool isReset)
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

        Assert.That(_account.Take(), isReset ? Has.Some.Not.EqualTo("DELETE") : Is.EqualTo(new[] { "DELETE" }));
    }

    // Two spellings of what would show if it were lost: a timeout, and the count of rows.
    [TestCase("Default Command Timeout=7;Use Affected Rows=True")]
    [TestCase("defaultcommandtimeout=7;useaffectedrows=True")]
    public async Task The_caches_own_connections_have_what_the_string_says(string keywords)
    {
        CacheConnections connections = null!;
        await using var node = new Node(
            Engine, Table.Name, Time, CallStyle.Asynchronous, options => options.ConnectionString += $";{keywords}", intercept: source => connections = source);

        var timeout = await connections.RunAsync(static (connection, _) =>
        {
            using var command = connection.CreateCommand();
            return Task.FromResult(command.CommandTimeout);
        });

        Assert.That(timeout, Is.EqualTo(7));
    }
}
