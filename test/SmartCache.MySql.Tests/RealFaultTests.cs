using System.Net.Sockets;

namespace SmartCache.MySql.Tests;

public sealed class RealFaultTests : RealFaultContract<MySqlEngine>
{
    [Test]
    public void A_deadlock_is_transient() => AssertIs(Kind.Conflict, WithNumber(1213, DeadlockOf("START TRANSACTION")));

    [Test]
    public void A_lock_timeout_is_transient()
    {
        var (holder, waiter) = (Rows(), Open());
        Run(holder, "START TRANSACTION");
        Run(holder, "UPDATE fault_rows SET n = 1");
        Run(waiter, "SET SESSION innodb_lock_wait_timeout = 1");

        AssertIs(Kind.Conflict, WithNumber(1205, FaultOf(() => Run(waiter, "UPDATE fault_rows SET n = 2"))));
    }

    [Test]
    public void A_row_that_changed_since_the_snapshot_is_transient()
    {
        var (first, second) = (Rows(), Open());
        if (Engine.IsMariaDb)
            Run(second, "SET SESSION innodb_snapshot_isolation = ON");

        Run(second, "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ");
        Run(second, "START TRANSACTION WITH CONSISTENT SNAPSHOT");
        Run(first, "UPDATE fault_rows SET n = n + 1 WHERE id = 1");
        int Update() => Run(second, "UPDATE fault_rows SET n = n + 2 WHERE id = 1");

        if (Engine.IsMariaDb)
            AssertIs(Kind.Conflict, WithNumber(1020, FaultOf(() => Update())));
        else
            Assert.That(Update(), Is.EqualTo(1), "MySQL has no such error");
    }

    [Test]
    public void A_killed_connection_is_transient()
    {
        var victim = Open();
        Run(Open(), $"KILL {victim.Ask("SELECT CONNECTION_ID()")}");

        AssertIs(Kind.Transient, FaultOf(() => Run(victim, "SELECT 1")));
    }

    [Test]
    public void Too_many_connections_of_a_user_are_transient()
    {
        var admin = Open();
        Run(admin, "DROP USER IF EXISTS 'lonely'@'%'");
        Run(admin, "CREATE USER 'lonely'@'%' IDENTIFIED BY 'lonely' WITH MAX_USER_CONNECTIONS 1");
        Run(admin, "GRANT ALL ON *.* TO 'lonely'@'%'");
        Open(";User ID=lonely;Password=lonely");

        AssertIs(Kind.Transient, WithNumber(1226, FaultOf(() => Open(";User ID=lonely;Password=lonely"))));
    }

    [Test]
    public async Task A_server_that_is_full_or_read_only_or_shuts_down_is_transient()
    {
        await using var server = await Engine.StartAnotherAsync();
        var admin = Open(server: server);
        Run(admin, "CREATE TABLE here (n INT)");
        Run(admin, "CREATE USER 'user'@'%' IDENTIFIED BY 'user'");
        Run(admin, "GRANT INSERT, SELECT ON *.* TO 'user'@'%'");
        var user = Open(";User ID=user;Password=user", server);
        Run(admin, "SET GLOBAL read_only = ON");
        AssertIs(Kind.Transient, WithNumber(1290, FaultOf(() => Run(user, "INSERT INTO here VALUES (1)"))));

        Run(admin, "SET GLOBAL max_connections = 10");
        AssertIs(Kind.Transient, WithNumber(1040, FaultOf(() =>
        {
            for (var i = 0; i < 11; i++)
                Open(";User ID=user;Password=user", server);
        })));

        await server.KillAsync();
        AssertIs(Kind.Transient, FaultOf(() => Run(user, "SELECT 1")));
        AssertIs(Kind.Transient, FaultOf(() => Open(server: server)));
    }

    [Test]
    public async Task A_server_that_shuts_down_while_a_statement_runs_is_transient()
    {
        await using var server = await Engine.StartAnotherAsync();
        var (holder, running) = (Open(server: server), Open(server: server));
        Run(holder, "CREATE TABLE here (n INT)");
        Run(holder, "INSERT INTO here VALUES (1)");
        Run(holder, "START TRANSACTION");
        Run(holder, "UPDATE here SET n = 2");
        var statement = Task.Run(() => FaultOf(() => Run(running, "UPDATE here SET n = 3")));
        var observer = Open(server: server);
        Assert.That(
            () => observer.Ask("SELECT COUNT(*) FROM information_schema.processlist WHERE info = 'UPDATE here SET n = 3'"),
            Is.EqualTo(1).After(20).Seconds.PollEvery(20).MilliSeconds);
        Terminate(server.ProcessId);

        AssertIs(Kind.Transient, await statement);
    }

    // The driver lets these through where a connection is reset while it writes.
    [Test]
    public void A_broken_socket_is_transient() =>
        Assert.Multiple(() =>
        {
            AssertIs(Kind.Transient, new IOException("Unable to write data to the transport connection", new SocketException(104)));
            AssertIs(Kind.Transient, new SocketException(104));
        });

    [Test]
    public void A_rollback_of_Group_Replication_at_the_commit_is_transient() =>
        AssertIs(Kind.Conflict, WithNumber(3101, FaultOf(() => Run(Open(), "SIGNAL SQLSTATE '40000' SET MYSQL_ERRNO = 3101"))));

    [TestCase(1021)]
    [TestCase(1114)]
    [TestCase(3675)]
    public Task A_full_disk_is_not_transient(int number) => AFullDiskDoesNotPassAsync(
        $"CREATE TRIGGER disk_full BEFORE UPDATE ON {Engine.Quote(Table.Name)} FOR EACH ROW SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = {number}",
        "DROP TRIGGER disk_full");

    [Test]
    public void A_missing_table_is_not_transient() => AssertIs(Kind.Lasting, WithNumber(1146, FaultOf(() => Run(Open(), "SELECT * FROM nowhere"))));

    [Test]
    public void A_wrong_password_is_not_transient() => AssertIs(Kind.Lasting, WithNumber(1045, FaultOf(() => Open(";User ID=nobody;Password=wrong"))));

    protected override int KillWaiting()
    {
        using var connection = Engine.OpenConnection();
        var waiting = connection.Ask(
            $"SELECT COALESCE(MIN(id), 0) FROM information_schema.processlist WHERE info LIKE '%{Table.Name}%' AND info LIKE '%INSERT%' AND info NOT LIKE '%processlist%'");
        if (waiting > 0)
            Run(connection, $"KILL {waiting}");

        return waiting > 0 ? 1 : 0;
    }

    private DbConnection Rows()
    {
        var connection = Open();
        Run(connection, "CREATE TABLE IF NOT EXISTS fault_rows (id INT PRIMARY KEY, n INT)");
        Run(connection, "INSERT IGNORE INTO fault_rows VALUES (1, 0)");
        return connection;
    }

    private static Exception WithNumber(int number, Exception exception)
    {
        Assert.That(exception.Data["Server Error Code"], Is.EqualTo(number), exception.Message);
        return exception;
    }
}
