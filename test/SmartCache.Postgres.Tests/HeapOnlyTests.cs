using System.Security.Cryptography;
using Npgsql;

namespace SmartCache.Postgres.Tests;

/// <summary>Touches are heap-only (HOT) updates. Autovacuum is off on this server, because its snapshots keep old row versions.</summary>
public sealed class HeapOnlyTests
{
    private const int Rows = 400;
    private const int Rounds = 3;

    /// <summary>Rows of one flush are so many apart, as those of random keys are: no page has two of them.</summary>
    private const int Step = 20;

    private EngineServer _server = null!;

    [OneTimeSetUp]
    public async Task StartServer() =>
        _server = await Running.Of<PostgresEngine>().StartAnotherAsync(new EngineOptions { ServerArguments = ["--autovacuum=off"] });

    [OneTimeTearDown]
    public async Task EndServer() => await _server.DisposeAsync();

    [Test]
    public async Task Nineteen_of_twenty_touches_of_a_new_table_are_heap_only([Values] bool areOwned)
    {
        var table = areOwned ? "heap_only_owned" : "heap_only";
        await using var observer = NpgsqlDataSource.Create(_server.ConnectionString);
        await using var drop = observer.CreateCommand($"DROP TABLE IF EXISTS {table}");
        await drop.ExecuteNonQueryAsync();
        var time = TestTime.New();
        await using (var services = new ServiceCollection()
            .AddSingleton<TimeProvider>(time)
            .AddSmartPostgresCache(options =>
            {
                (options.ConnectionString, options.TableName, options.ExpiredRemovalInterval) = (_server.ConnectionString, table, null);
                options.Owner = areOwned ? static _ => "alice" : null;
            })
            .BuildServiceProvider())
        {
            var cache = services.GetRequiredService<SmartDistributedCache>();
            var accessor = services.GetRequiredService<IHttpContextAccessor>();
            accessor.HttpContext = new DefaultHttpContext();
            for (var row = 0; row < Rows; row++)
                await cache.SetAsync(Key(row), SessionBytes.Of(Guid.NewGuid(), ("a", RandomNumberGenerator.GetHexString(1_000))), Expires.Sliding(TimeSpan.FromMinutes(20)));

            accessor.HttpContext = null;

            for (var flush = 0; flush < Rounds * Step; flush++)
            {
                time.Advance(TimeSpan.FromSeconds(10));
                for (var row = flush % Step; row < Rows; row += Step)
                    await cache.RefreshAsync(Key(row));

                await cache.FlushAsync();
            }
        }

        // A connection tells what it has counted when it ends, if not before.
        await using var updates = observer.CreateCommand($"SELECT n_tup_upd FROM pg_stat_user_tables WHERE relname = '{table}'");
        await using var heapOnly = observer.CreateCommand($"SELECT n_tup_hot_upd FROM pg_stat_user_tables WHERE relname = '{table}'");
        await using var owned = observer.CreateCommand($"SELECT count(*) FROM {table} WHERE owner = 'alice'");
        Assert.That(await owned.ExecuteScalarAsync(), Is.EqualTo(areOwned ? Rows : 0));
        Assert.That(() => updates.ExecuteScalar(), Is.EqualTo(Rows * Rounds).After(30).Seconds.PollEvery(50).MilliSeconds);
        var share = (long)heapOnly.ExecuteScalar()! / (double)(Rows * Rounds);
        // Now and then a process of the server holds an old snapshot. Without room in the pages it is nine of ten.
        Assert.That(share, Is.AtLeast(0.95));
    }

    private static string Key(int row) => row.ToString(CultureInfo.InvariantCulture);
}
