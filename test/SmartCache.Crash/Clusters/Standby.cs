using Npgsql;
using SmartCache.Engines;

namespace SmartCache.Crash;

/// <summary>An app that reconnects when its server is killed and the synchronous standby takes over.</summary>
[Category("Cluster"), NonParallelizable]
public sealed class SynchronousStandbyTests : LosslessFixture
{
    /// <summary>Less than the time for which Npgsql considers a server down by default.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(8);

    private readonly FailOver _failOver = new(lag: TimeSpan.Zero);

    [OneTimeSetUp]
    public async Task RunAsync()
    {
        await using var engine = await PairCrashEngine.StartAsync(isSynchronous: true);
        await RunAsync("postgres-synchronous", engine, ClusterPlan.Of(new AppKill(1), _failOver, new AppKill(0)));
    }

    [Test]
    public void Nothing_acknowledged_is_missing_when_a_session_is_loaded() => AssertNone(ComplaintKind.Unseen);

    [Test]
    public void All_processes_find_the_new_server_soon() =>
        Assert.That(Result.Faults.Single(fault => fault.Name == _failOver.Name).Recovery, Is.LessThan(Soon));
}

/// <summary>
/// An app whose server does not wait for its standby, which lags behind when it takes over. This shows what is lost then,
/// and that the judge sees it.
/// </summary>
[Category("Cluster"), NonParallelizable]
public sealed class AsynchronousStandbyTests : CrashFixture
{
    private static readonly TimeSpan Lag = TimeSpan.FromSeconds(1);

    [OneTimeSetUp]
    public async Task RunAsync()
    {
        await using var engine = await PairCrashEngine.StartAsync(isSynchronous: false);
        await RunAsync("postgres-asynchronous", engine, ClusterPlan.Of(new FailOver(Lag)));
    }

    [Test]
    public void What_the_standby_had_not_got_yet_is_lost() => Assert.That(Result.Verdict.Of(ComplaintKind.Lost), Is.Not.Empty);
}

/// <summary>The primary is killed, and its standby promoted, which has got nothing from the primary for the time of the lag.</summary>
internal sealed class FailOver(TimeSpan lag) : Fault
{
    public override string Name => "the primary killed, the standby promoted";
    public override int Kills => 1;

    public override async Task StrikeAsync(CrashEngine engine, App app)
    {
        var pair = (PairCrashEngine)engine;
        if (lag > TimeSpan.Zero)
        {
            await pair.DisconnectStandbyAsync();
            await Task.Delay(lag);
        }

        await pair.FailOverAsync();
    }
}

/// <summary>A PostgreSQL server and its standby. The app's connection string names both.</summary>
internal sealed class PairCrashEngine(PostgresPair pair) : CrashEngine
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public override string Name => "postgres";

    public override Database Database
    {
        get
        {
            var (primary, standby) = (new NpgsqlConnectionStringBuilder(Primary.ConnectionString), new NpgsqlConnectionStringBuilder(Standby.ConnectionString));
            primary.Host = $"{primary.Host}:{primary.Port},{standby.Host}:{standby.Port}";
            primary.TargetSessionAttributes = "primary";
            return Database.At(Name, primary.ConnectionString);
        }
    }

    private Database Primary => Database.At(Name, pair.Primary.ConnectionString);
    private Database Standby => Database.At(Name, pair.Standby.ConnectionString);

    public static async Task<PairCrashEngine> StartAsync(bool isSynchronous)
    {
        var engine = new PairCrashEngine(await PostgresPair.StartAsync());
        if (isSynchronous)
        {
            await engine.Primary.ListAsync($"ALTER SYSTEM SET synchronous_standby_names = '{PostgresPair.StandbyName}'");
            await engine.Primary.ListAsync("SELECT pg_reload_conf()");
        }

        using var patience = new CancellationTokenSource(Patience);
        while (!(await engine.Primary.ListAsync("SELECT sync_state FROM pg_stat_replication WHERE state = 'streaming'")).Contains(isSynchronous ? "sync" : "async"))
            await Task.Delay(Pause, patience.Token);

        return engine;
    }

    /// <summary>The standby receives nothing more from the primary.</summary>
    public async Task DisconnectStandbyAsync()
    {
        await Standby.ListAsync("ALTER SYSTEM SET primary_conninfo = ''");
        await Standby.ListAsync("SELECT pg_reload_conf()");
    }

    /// <summary>The primary is killed, and its standby takes over.</summary>
    public async Task FailOverAsync()
    {
        await pair.Primary.KillAsync();
        await Standby.ListAsync("SELECT pg_promote()");
    }

    public override ValueTask DisposeAsync() => pair.DisposeAsync();
}
