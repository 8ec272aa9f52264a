using System.Buffers;

namespace SmartCache.Contract.Values;

/// <summary>A caller that has given up is told so, and nothing is done for it.</summary>
public abstract class CancellationContract<TEngine> : EngineContract<TEngine>
    where TEngine : TestEngine, new()
{
    private static readonly CancellationToken Cancelled = new(canceled: true);

    private Node _node = null!;

    [SetUp]
    public void CreateNode() => _node = Owned(new Node(Engine, Table.Name, Time, CallStyle.Asynchronous));


    [Test]
    public async Task A_cancelled_operation_changes_nothing()
    {
        await _node.Inner.SetAsync("key", [1], Expires.ByDefault);
        var before = Table.Row("key");
        Time.Advance(TimeSpan.FromMinutes(5));
        Func<Task>[] operations =
        [
            () => _node.Inner.GetAsync("key", Cancelled),
            () => _node.Inner.TryGetAsync("key", new ArrayBufferWriter<byte>(), Cancelled).AsTask(),
            () => _node.Inner.SetAsync("key", [2], Expires.ByDefault, Cancelled),
            () => _node.Inner.SetAsync("key", new ReadOnlySequence<byte>([2]), Expires.ByDefault, Cancelled).AsTask(),
            () => _node.Inner.RefreshAsync("key", Cancelled),
            () => _node.Inner.RemoveAsync("key", Cancelled),
        ];
        foreach (var operation in operations)
            Assert.That(operation, Throws.InstanceOf<OperationCanceledException>());

        await _node.Inner.FlushAsync();
        Assert.That(Table.Row("key") with { Value = before.Value }, Is.EqualTo(before));
        Assert.That(Table.Row("key").Value, Is.EqualTo(before.Value));
    }

    [Test]
    public async Task A_cancelled_sweep_removes_nothing()
    {
        await _node.Inner.SetAsync("key", [1], Expires.After(TimeSpan.FromMinutes(1)));
        Time.Advance(TimeSpan.FromHours(1));

        Assert.That(() => _node.Inner.RemoveExpiredAsync(Cancelled), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(Table.Count(), Is.EqualTo(1));
    }

    [Test]
    public async Task A_cancelled_flush_loses_no_touch()
    {
        await _node.Inner.SetAsync("key", [1], Expires.ByDefault);
        Time.Advance(TimeSpan.FromMinutes(5));
        await _node.Inner.RefreshAsync("key");

        Assert.That(() => _node.Inner.FlushAsync(Cancelled), Throws.InstanceOf<OperationCanceledException>());
        await _node.Inner.FlushAsync();
        Assert.That(Table.Row("key").ExpiresAt, Is.EqualTo(Time.Milliseconds + 1_200_000));
    }

    [Test]
    public async Task A_commit_that_was_cancelled_can_be_repeated()
    {
        var key = SimulatedRequest.NewKey();
        var request = new SimulatedRequest(_node, key);
        await request.SetAsync("a", "1");

        Assert.That(() => request.Session.CommitAsync(Cancelled), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(Table.Entries(key), Is.Null);
        await request.EndAsync();
        Assert.That(Table.Entries(key), Is.EqualTo("a=1"));
    }

    [Test]
    public async Task The_session_middleware_can_be_cancelled_while_it_reads()
    {
        var key = SimulatedRequest.NewKey();
        await _node.Inner.SetAsync(key, SessionBytes.Of(Guid.NewGuid(), ("a", "1")), Expires.ByDefault);
        var request = new SimulatedRequest(_node, key);

        Assert.That(() => request.Session.LoadAsync(Cancelled), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(await request.GetAsync("a"), Is.EqualTo("1"));
        await request.SetAsync("b", "2");
        await request.EndAsync();
        Assert.That(Table.Entries(key), Is.EqualTo("a=1 b=2"));
    }
}
