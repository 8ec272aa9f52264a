namespace SmartCache.Contract.Counters;

/// <summary>Connections are really cut while counters are counted up, before the server has heard of a write or after it has committed it.</summary>
[StyleVariants(differ: true)]
public abstract class CutCounterContract<TEngine>(CallStyle style) : StyledContract<TEngine>(style)
    where TEngine : ServerEngine, new()
{
    private const int Times = 60;

    [Test]
    public async Task Counts_add_up_though_connections_are_cut()
    {
        var (host, port) = Engine.Endpoint;
        await using var cutter = new ConnectionCutter(host, port);
        void Configure(SmartCacheOptions options)
        {
            options.ConnectionString = Engine.ConnectThrough(cutter.Port);
            options.Merge.Entry(Counting.Entry).Add();
        }

        await using var first = new Node(Engine, Table.Name, TimeProvider.System, Style, Configure);
        await using var second = new Node(Engine, Table.Name, TimeProvider.System, Style, Configure);
        var key = SimulatedRequest.NewKey();
        await SimulatedRequest.SaveAsync(first, key, "base", "0");
        cutter.IsCutting = true;

        var refused = await Counting.CountUpAsync([first, second], key, Times);

        cutter.IsCutting = false;
        Assert.That(cutter.CutAnswers, Is.GreaterThan(5));
        Assert.That(await Counting.ReadAsync(second, key), Is.InRange((Counting.AtOnce * Times) - refused, Counting.AtOnce * Times));
        Assert.That(refused, Is.LessThan(24));
    }
}
