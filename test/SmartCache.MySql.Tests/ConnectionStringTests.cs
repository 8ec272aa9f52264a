using System.Data.Common;
using System.Runtime.CompilerServices;
using SmartCache.Contract;
using SmartCache.Contract.Nodes;
using SmartCache.Storage;

namespace SmartCache.MySql.Tests;

/// <summary>What the user wrote in the connection string stands, however it is spelled.</summary>
public sealed class ConnectionStringTests : EngineContract<MySqlEngine>
{
#if MYSQLCONNECTOR
    private static DbProviderFactory MySqlConnector => MySqlTestDriver.Factory;
#else
    private static DbProviderFactory MySqlConnector => new global::MySqlConnector.SpellingFactory();
#endif

    [TestCase("Connection Reset=True")]
    [TestCase("ConnectionReset=True")]
    [TestCase("connectionreset=True")]
    [TestCase("CONNECTION RESET=True")]
    [TestCase("ConnectionReset=False")]
    public void A_reset_that_the_user_chose_stays(string keyword) =>
        Assert.That(Complete(null, MySqlConnector, $"Server=db;{keyword}"), Is.EqualTo($"Server=db;{keyword}"));

    [Test]
    public void Without_a_choice_MySqlConnector_does_not_reset()
    {
        var completed = new DbConnectionStringBuilder { ConnectionString = Complete(null, MySqlConnector, "Server=db;Password='a;b'") };

        Assert.That(completed["Connection Reset"], Is.EqualTo("False"));
        Assert.That((completed["Server"], completed["Password"]), Is.EqualTo(("db", "a;b")));
        Assert.That(completed, Has.Count.EqualTo(3));
    }

#if !MYSQLCONNECTOR
    [Test]
    public void For_MySql_Data_nothing_is_added() =>
        Assert.That(Complete(null, MySqlTestDriver.Factory, "server=db;uid=me"), Is.EqualTo("server=db;uid=me"));
#endif

    // Both drivers' two spellings each, of what would show if it were lost: a timeout, and the count of rows.
    [TestCase("Default Command Timeout=7;Use Affected Rows=True")]
    [TestCase("defaultcommandtimeout=7;useaffectedrows=True")]
    public async Task The_caches_own_connections_have_what_the_string_says(string keywords)
    {
        ConnectionSource connections = null!;
        await using var node = new Node(
            Engine, Table.Name, Time, CallStyle.Asynchronous, options => options.ConnectionString += $";{keywords}", intercept: source => connections = source);

        Assert.That(await connections.RunAsync(new TimeoutWork(), async: true, CancellationToken.None), Is.EqualTo(7));
    }

    [UnsafeAccessor(UnsafeAccessorKind.StaticMethod)]
    private static extern string Complete(
        [UnsafeAccessorType("SmartCache.MySql.MySqlDriver, SmartCache.MySql")] object? driver, DbProviderFactory factory, string connectionString);

    private sealed class TimeoutWork : StoreWork<int>
    {
        public override bool Writes => false;

        public override ValueTask<int> RunAsync(StoreConnection connection, bool async, CancellationToken cancellationToken)
        {
            using var command = connection.Connection.CreateCommand();
            return new(command.CommandTimeout);
        }
    }
}
