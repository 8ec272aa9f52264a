using Microsoft.Data.Sqlite;
using SmartCache.Connections;
using SmartCache.Sql;

namespace SmartCache.Core.Tests.Connections;

/// <summary>In what state connections go back to a driver's pool, whatever the driver: SQLite's serves as one here.</summary>
public sealed class PooledConnectionTests
{
    private static readonly SqlStatement Begin = new("BEGIN", new TestDialect());
    private static readonly SqlStatement Wrong = new("SELECT nothing FROM nowhere", new TestDialect());

    private readonly List<DbConnection> _cleared = [];
    private SharedConnection _driver = null!;
    private PooledConnectionSource _connections = null!;

    [SetUp]
    public void Open()
    {
        _driver = new SharedConnection();
        _connections = new PooledConnectionSource(_driver, ownsDataSource: true, clearPool: _cleared.Add);
    }

    [TearDown]
    public void Close()
    {
        _connections.Dispose();
        _driver.Connection.Close();
        _driver.Dispose();
        _cleared.Clear();
    }

    [Test]
    public async Task A_work_that_succeeds_leaves_nothing_to_undo([Values] bool async)
    {
        await RunAsync(static _ => default, async);

        Assert.That(_cleared, Is.Empty);
    }

    [Test]
    public void A_work_that_fails_in_a_transaction_has_it_rolled_back([Values] bool async)
    {
        Assert.That(
            () => RunAsync(
                static async connection =>
                {
                    connection.IsInTransaction = true;
                    await Begin.ExecuteAsync(connection, default);
                    throw new TimeoutException();
                },
                async),
            Throws.TypeOf<TimeoutException>());

        Assert.That(() => Execute("BEGIN"), Throws.Nothing, "no transaction is open");
        Assert.That(_cleared, Is.Empty, "others have done nothing wrong");
    }

    [Test]
    public void A_statement_that_fails_may_have_begun_a_transaction([Values] bool async)
    {
        Execute("BEGIN");
        Assert.That(() => RunAsync(Fail, async), Throws.InstanceOf<DbException>());

        Assert.That(() => Execute("BEGIN"), Throws.Nothing, "no transaction is open");
    }

    [Test]
    public void A_connection_that_cannot_roll_back_is_kept_out_of_the_pool([Values] bool async)
    {
        // SQLite refuses a ROLLBACK where there is nothing to roll back.
        Assert.That(() => RunAsync(Fail, async), Throws.InstanceOf<DbException>());

        Assert.That(_cleared, Is.EqualTo(new[] { _driver.Connection }));
    }

    [Test]
    public void A_connection_that_broke_takes_the_pools_idle_ones_with_it([Values] bool async)
    {
        Assert.That(
            () => RunAsync(
                static connection =>
                {
                    connection.Connection.Close();
                    return Fail(connection);
                },
                async),
            Throws.InstanceOf<InvalidOperationException>());

        Assert.That(_cleared, Is.EqualTo(new[] { _driver.Connection }));
    }

    [Test]
    public void What_the_cache_itself_refuses_costs_no_connection([Values] bool async)
    {
        Assert.That(() => RunAsync(static _ => throw new ArgumentException("too large"), async), Throws.ArgumentException);

        Assert.That(_cleared, Is.Empty);
    }

    [Test]
    public void After_disposal_nothing_runs([Values] bool async)
    {
        _connections.Dispose();

        Assert.That(() => RunAsync(static _ => default, async), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public async Task An_asynchronous_caller_is_never_blocked()
    {
        await using var driver = new AsyncOnlyDriver();
        await using var connections = new PooledConnectionSource(driver, ownsDataSource: true, Preparation.EveryUse);
        await RunAsync(connections, async connection => await ExecuteAsync(connection, "work"), async: true);
        Assert.That(
            () => RunAsync(connections, async connection => await ExecuteAsync(connection, "fail"), async: true),
            Throws.TypeOf<TimeoutException>());

        Assert.That(driver.Calls, Is.EqualTo(new[] { "open", "prepare", "work", "close", "open", "prepare", "ROLLBACK", "close" }));

        static ValueTask<int> ExecuteAsync(StoreConnection connection, string text) =>
            new SqlStatement(text, new TestDialect()).ExecuteAsync(connection, default);
    }

    [Test]
    public async Task A_command_that_has_run_moves_to_another_connection_only_if_the_driver_allows_it([Values] bool isAllowed)
    {
        await using var driver = new AsyncOnlyDriver();
        await using var connections = new PooledConnectionSource(driver, ownsDataSource: true, movesCommands: isAllowed);
        var statement = new SqlStatement("work", new TestDialect());
        await RunAsync(connections, async connection => await statement.ExecuteAsync(connection, default), async: true);
        await RunAsync(connections, async connection => await statement.ExecuteAsync(connection, default), async: true);

        Assert.That(driver.Calls.Count(static call => call == "work"), Is.EqualTo(2));
        Assert.That(driver.Calls.Contains("moved"), Is.EqualTo(isAllowed));
    }

    private static async ValueTask Fail(StoreConnection connection) =>
        await Wrong.ExecuteAsync(connection, default);

    private Task RunAsync(Func<StoreConnection, ValueTask> script, bool async) => RunAsync(_connections, script, async);

    private static async Task RunAsync(PooledConnectionSource connections, Func<StoreConnection, ValueTask> script, bool async) =>
        await connections.RunAsync(
            async connection =>
            {
                await script(connection);
                return true;
            },
            writes: true,
            async,
            CancellationToken.None);

    private void Execute(string text)
    {
        using var command = _driver.Connection.CreateCommand();
        command.CommandText = text;
        command.ExecuteNonQuery();
    }

    /// <summary>A pool of one connection, which stays open when it is given back.</summary>
    private sealed class SharedConnection : DbDataSource
    {
        public SharedConnection() => Connection.Open();

        public UnclosedConnection Connection { get; } = new();
        public override string ConnectionString => "";

        protected override DbConnection CreateDbConnection() => Connection;

        protected override DbConnection OpenDbConnection() => Connection;

        protected override ValueTask<DbConnection> OpenDbConnectionAsync(CancellationToken cancellationToken) => new(Connection);
    }

    private sealed class UnclosedConnection() : SqliteConnection("Data Source=:memory:")
    {
        protected override void Dispose(bool disposing) => base.Dispose(disposing: false);
    }
}
