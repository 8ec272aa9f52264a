using System.Data.Common;
using Microsoft.Data.Sqlite;
using SmartCache.Storage;

namespace SmartCache.Sqlite.Tests;

/// <summary>Connections held open by the cache, whatever the driver: SQLite's serves as one here.</summary>
public sealed class HeldConnectionTests
{
    private static readonly Func<StoreConnection, Task> DoNothing = _ => Task.CompletedTask;

    private readonly List<DbConnection> _used = [];
    private HeldConnectionSource _connections = null!;

    [SetUp]
    public void Open() => _connections = Source(2, TimeSpan.FromSeconds(30));

    [TearDown]
    public void Close()
    {
        _connections.Dispose();
        _used.Clear();
    }

    [Test]
    public async Task A_connection_is_used_again_by_the_next_work([Values] bool async)
    {
        await RunAsync(DoNothing, async);
        await RunAsync(DoNothing, async);

        Assert.That(_used[1], Is.SameAs(_used[0]));
    }

    [Test]
    public async Task Works_at_the_same_time_have_connections_of_their_own()
    {
        await RunAsync(_ => RunAsync(DoNothing));

        Assert.That(_used[1], Is.Not.SameAs(_used[0]));
    }

    [Test]
    public async Task Who_finds_all_connections_busy_waits_for_one([Values] bool async)
    {
        await using var one = Source(1, TimeSpan.FromSeconds(30));
        var (begun, end) = (new TaskCompletionSource(), new TaskCompletionSource());
        var first = RunAsync(one, async _ => { begun.SetResult(); await end.Task; });
        await begun.Task;
        var second = Task.Run(() => RunAsync(one, DoNothing, async));
        Assert.That(second.IsCompleted, Is.False);
        end.SetResult();
        await Task.WhenAll(first, second);

        Assert.That(_used[1], Is.SameAs(_used[0]));
    }

    [Test]
    public async Task Who_waits_too_long_is_told_of_the_pool_size([Values] bool async)
    {
        await using var one = Source(1, TimeSpan.FromMilliseconds(1));
        await RunAsync(one, async _ =>
        {
            var exception = Assert.ThrowsAsync<TimeoutException>(() => RunAsync(one, DoNothing, async));
            Assert.That(exception.Message, Does.Contain("Maximum Pool Size"));
            await Task.CompletedTask;
        });
    }

    [Test]
    public async Task Who_gives_up_waiting_takes_no_place([Values] bool async)
    {
        await using var one = Source(1, TimeSpan.FromSeconds(30));
        using var giveUp = new CancellationTokenSource();
        await RunAsync(one, async _ =>
        {
            var waiting = Task.Run(() => RunAsync(one, DoNothing, async, giveUp.Token));
            await giveUp.CancelAsync();
            Assert.That(() => waiting, Throws.InstanceOf<OperationCanceledException>());
        });

        Assert.That(() => RunAsync(one, DoNothing, async), Throws.Nothing);
    }

    [Test]
    public async Task After_a_conflict_the_connection_stays([Values] bool async)
    {
        await RunAsync(DoNothing, async);
        Assert.That(() => RunAsync(_ => throw new TestDbException("conflict"), async), Throws.InstanceOf<TestDbException>());
        await RunAsync(DoNothing, async);

        Assert.That(_used, Has.Count.EqualTo(3).And.All.SameAs(_used[0]));
    }

    [Test]
    public async Task After_any_other_fault_it_is_closed_and_so_are_the_idle_ones([Values] bool async)
    {
        await RunAsync(_ => RunAsync(DoNothing, async), async);
        Assert.That(() => RunAsync(_ => throw new TestDbException("fault"), async), Throws.InstanceOf<TestDbException>());
        await RunAsync(_ => RunAsync(DoNothing, async), async);

        Assert.That(_used.Take(2), Has.All.Property(nameof(DbConnection.State)).EqualTo(System.Data.ConnectionState.Closed));
        Assert.That(_used.Distinct().Count(), Is.EqualTo(4));
    }

    [Test]
    public async Task What_the_cache_itself_refuses_costs_no_connection([Values] bool async)
    {
        await RunAsync(DoNothing, async);
        Assert.That(() => RunAsync(_ => throw new ArgumentException("too large"), async), Throws.ArgumentException);
        await RunAsync(DoNothing, async);

        Assert.That(_used, Has.All.SameAs(_used[0]));
    }

    [Test]
    public async Task Disposal_closes_those_that_are_idle_and_those_that_come_back()
    {
        await RunAsync(async _ =>
        {
            await RunAsync(DoNothing);
            await _connections.DisposeAsync();
        });

        Assert.That(_used, Has.All.Property(nameof(DbConnection.State)).EqualTo(System.Data.ConnectionState.Closed));
        Assert.That(() => RunAsync(DoNothing), Throws.InstanceOf<ObjectDisposedException>());
    }

    private static HeldConnectionSource Source(int max, TimeSpan wait) => new(
        SqliteFactory.Instance.CreateDataSource("Data Source=:memory:;Pooling=False"),
        new ConnectionLimits(max, wait),
        static exception => exception.Message == "conflict");

    private Task RunAsync(Func<StoreConnection, Task> script, bool async = true) => RunAsync(_connections, script, async);

    private async Task RunAsync(
        HeldConnectionSource connections, Func<StoreConnection, Task> script, bool async = true, CancellationToken cancellationToken = default) =>
        await connections.RunAsync(new ScriptWork(_used, script), async, cancellationToken);

    private sealed class ScriptWork(List<DbConnection> used, Func<StoreConnection, Task> script) : StoreWork<bool>
    {
        public override bool Writes => true;

        public override async ValueTask<bool> RunAsync(StoreConnection connection, bool async, CancellationToken cancellationToken)
        {
            used.Add(connection.Connection);
            await script(connection);
            return true;
        }
    }

    private sealed class TestDbException(string message) : DbException(message);
}
