using Npgsql;

namespace SmartCache.Postgres.Tests;

public sealed class RealFaultTests : RealFaultContract<PostgresEngine>
{
    [Test]
    public void A_deadlock_is_transient() => AssertIs(Kind.Conflict, WithState("40P01", DeadlockOf("BEGIN; SET LOCAL deadlock_timeout = '10ms'")));

    [Test]
    public void A_lock_timeout_is_transient()
    {
        var (holder, waiter) = (Open(), Open());
        Run(holder, "CREATE TABLE IF NOT EXISTS fault_rows (id INT PRIMARY KEY, n INT)");
        Run(holder, "BEGIN; LOCK TABLE fault_rows");

        AssertIs(Kind.Conflict, WithState("55P03", FaultOf(() => Run(waiter, "SET lock_timeout = '10ms'; SELECT * FROM fault_rows"))));
    }

    [Test]
    public void A_serialization_failure_is_transient()
    {
        var (first, second) = (Open(), Open());
        Run(first, "DROP TABLE IF EXISTS fault_row; CREATE TABLE fault_row (n INT); INSERT INTO fault_row VALUES (0)");
        Run(second, "BEGIN ISOLATION LEVEL REPEATABLE READ");
        Run(second, "SELECT * FROM fault_row");
        Run(first, "UPDATE fault_row SET n = 1");

        AssertIs(Kind.Conflict, WithState("40001", FaultOf(() => Run(second, "UPDATE fault_row SET n = 2"))));
    }

    [Test]
    public void A_killed_connection_is_transient()
    {
        var victim = Open();
        Run(Open(), $"SELECT pg_terminate_backend({((NpgsqlConnection)victim).ProcessID})");

        AssertIs(Kind.Transient, FaultOf(() => Run(victim, "SELECT 1")));
    }

    [Test]
    public void Too_many_connections_are_transient()
    {
        Run(Open(), "DROP ROLE IF EXISTS lonely; CREATE ROLE lonely LOGIN PASSWORD 'lonely' CONNECTION LIMIT 1");
        Open(";Username=lonely;Password=lonely");

        AssertIs(Kind.Transient, WithState("53300", FaultOf(() => Open(";Username=lonely;Password=lonely"))));
    }

    [Test]
    public void A_read_only_server_is_transient()
    {
        var connection = Open();
        Run(connection, "SET default_transaction_read_only = on");

        AssertIs(Kind.Transient, WithState("25006", FaultOf(() => Run(connection, "CREATE TABLE never (n INT)"))));
    }

    [Test]
    public async Task A_server_that_shuts_down_is_transient()
    {
        await using var server = await Engine.StartAnotherAsync();
        var open = Open(server: server);

        // It waits for whoever is connected, and lets nobody else in.
        Terminate(server.ProcessId);
        Exception? refused = null;
        Assert.That(() => TryOpen(server, out refused), Is.False.After(20).Seconds.PollEvery(20).MilliSeconds);
        AssertIs(Kind.Transient, WithState("57P03", refused!));

        await server.KillAsync();
        AssertIs(Kind.Transient, FaultOf(() => Run(open, "SELECT 1")));
        AssertIs(Kind.Transient, FaultOf(() => Open(server: server)));
    }

    [Test]
    public Task A_full_disk_is_not_transient() => AFullDiskDoesNotPassAsync(
        $"""
        CREATE OR REPLACE FUNCTION disk_full() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'full' USING ERRCODE = '53100'; END $$ LANGUAGE plpgsql;
        CREATE TRIGGER disk_full BEFORE INSERT OR UPDATE ON {Engine.Quote(Table.Name)} FOR EACH ROW EXECUTE FUNCTION disk_full()
        """,
        $"DROP TRIGGER disk_full ON {Engine.Quote(Table.Name)}");

    [Test]
    public void A_missing_table_is_not_transient() => AssertIs(Kind.Lasting, WithState("42P01", FaultOf(() => Run(Open(), "SELECT * FROM nowhere"))));

    [Test]
    public void A_wrong_password_is_not_transient()
    {
        Run(Open(), "DROP ROLE IF EXISTS nobody_knows; CREATE ROLE nobody_knows");

        AssertIs(Kind.Lasting, FaultOf(() => Open(";Username=nobody_knows;Password=wrong")));
    }

    protected override int KillWaiting() =>
        (int)Table.Ask("SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%" + Table.Name + "%'");

    private bool TryOpen(SmartCache.Engines.EngineServer server, out Exception? refused)
    {
        try
        {
            Open(server: server);
            refused = null;
            return true;
        }
        catch (NpgsqlException exception)
        {
            refused = exception;
            return false;
        }
    }

    private static Exception WithState(string state, Exception exception)
    {
        Assert.That(exception, Is.InstanceOf<PostgresException>().With.Property("SqlState").EqualTo(state));
        return exception;
    }
}
