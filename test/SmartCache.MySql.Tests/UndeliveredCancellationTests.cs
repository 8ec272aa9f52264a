using System.Diagnostics;
using SmartCache.Contract;
using SmartCache.Contract.Nodes;
using SmartCache.Contract.Values;
using SmartCache.Contract.Web.Hosting;

namespace SmartCache.MySql.Tests;

/// <summary>
/// MySql.Data cancels a statement over a second connection, which it may not get. Whoever cancels must not be told: a
/// timer that does, as the session middleware's, would take the process with it.
/// </summary>
public sealed class UndeliveredCancellationTests : EngineContract<MySqlEngine>
{
    private const string Account = "once";

    [SetUp]
    public void CreateAccount()
    {
        Table.Run($"{Engine.CreateAccount(Account)} WITH MAX_USER_CONNECTIONS 1");
        Table.Run($"GRANT ALL PRIVILEGES ON *.* TO {Engine.Account(Account)}");
    }

    [TearDown]
    public void DropAccount() => Table.Run(Engine.DropAccount(Account));

    [Test]
    public async Task A_cancellation_that_does_not_reach_the_server_does_no_harm()
    {
        await using var node = new Node(
            Engine, Table.Name, Time, CallStyle.Asynchronous, options => options.ConnectionString += $"{Engine.ConnectAs(Account)};Maximum Pool Size=1");
        await node.Cache.SetAsync("key", [1], Expires.ByDefault);
        using var cancellation = new CancellationTokenSource();
        Task store;
        using (new LockedRow(Engine, Table, "key"))
        {
            store = Task.Run(() => node.Inner.SetAsync("key", [2], Expires.ByDefault, cancellation.Token));
            UntilItWaits();

            Assert.That(cancellation.Cancel, Throws.Nothing);
        }

        try
        {
            await store;
        }
        catch (OperationCanceledException)
        {
            // MySqlConnector reaches the server over the same connection.
        }

        await node.Cache.SetAsync("key", [3], Expires.ByDefault);
        Assert.That(Table.Row("key").Value, Is.EqualTo(new byte[] { 3 }));
    }

    private void UntilItWaits()
    {
        var begin = Stopwatch.GetTimestamp();
        while (Table.Ask("SELECT COUNT(*) FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'") == 0)
        {
            Assert.That(Stopwatch.GetElapsedTime(begin), Is.LessThan(Patience.Limit), "the store waits for the row");
        }
    }
}
