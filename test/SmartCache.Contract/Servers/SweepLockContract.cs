namespace SmartCache.Contract.Servers;

/// <summary>Removing expired rows waits for nobody, and nobody waits for it.</summary>
public abstract class SweepLockContract<TEngine> : EngineContract<TEngine>
    where TEngine : ServerEngine, new()
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    /// <summary>If the engine cannot pass over a locked dead row, the sweep fails without waiting.</summary>
    [Test]
    public async Task A_locked_row_does_not_hold_up_the_sweep_and_a_dead_one_is_removed_by_the_next([Values("dead 7", "live")] string held)
    {
        var node = await WithDeadRowsAsync(20);
        await node.Cache.SetAsync("live", [1], Expires.ByDefault);
        var left = held == "live" ? 0 : 1;
        using (new LockedRow(Engine, Table, held))
        {
            var sweep = node.Inner.RemoveExpiredAsync().WaitAsync(Soon);
            if (left == 0 || Engine.PassesOverLockedRows)
                Assert.That(await sweep, Is.EqualTo(20 - left));
            else
                Assert.That(() => sweep, Throws.InstanceOf<DbException>());
        }

        Assert.That(await node.Inner.RemoveExpiredAsync(), left == 0 || Engine.PassesOverLockedRows ? Is.EqualTo(left) : Is.Positive);
        Assert.That(await node.Cache.GetAsync("live"), Is.Not.Null);
        Assert.That(Table.Count(), Is.EqualTo(1));
    }

    /// <summary>Sessions begin, live and are revived while two nodes remove whatever has expired.</summary>
    [Test]
    public async Task Rows_are_written_and_stay_while_others_remove_as_fast_as_they_can()
    {
        const int rows = 60;
        var (one, other) = (await WithDeadRowsAsync(rows), NewNode());
        using var done = new CancellationTokenSource();
        var sweeping = new[] { one, other }.Select(node => Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
                await node.Inner.RemoveExpiredAsync(CancellationToken.None);
        })).ToList();

        try
        {
            // Some take the place of a dead row, some find it just removed.
            for (var round = 0; round < 3; round++)
                await Task.WhenAll(Enumerable.Range(0, rows).Select(number => one.Inner.SetAsync($"dead {number}", [2], Expires.ByDefault)));
        }
        finally
        {
            await done.CancelAsync();
            await Task.WhenAll(sweeping).WaitAsync(Soon);
        }

        Assert.That(Table.Count(), Is.EqualTo(rows));
    }

    private Node NewNode() => Owned(new Node(Engine, Table.Name, Time, CallStyle.Asynchronous));

    private async Task<Node> WithDeadRowsAsync(int count)
    {
        var node = NewNode();
        for (var number = 0; number < count; number++)
            await node.Cache.SetAsync($"dead {number}", [1], Expires.After(TimeSpan.FromMinutes(1)));

        Time.Advance(TimeSpan.FromHours(1));
        return node;
    }
}
