namespace SmartCache.Contract.Observing;

/// <summary>Each work on the database is a span of the activity source <c>SmartCache</c>.</summary>
public abstract class TracingContract<TEngine> : EngineContract<TEngine>
    where TEngine : TestEngine, new()
{
    private readonly ConcurrentQueue<Activity> _spans = [];

    [Test]
    public async Task A_work_on_the_database_is_a_span_in_its_callers_trace_and_tells_no_key()
    {
        using var listener = Listen();
        await using var node = new Node(Engine, Table.Name, Time, CallStyle.Asynchronous);
        using var caller = new Activity("request").Start();
        await node.Inner.SetAsync("a key of somebody", [1], Expires.ByDefault);
        await node.Inner.GetAsync("a key of somebody");
        using (new MissingTable(Engine, Table))
            Assert.That(() => node.Inner.GetAsync("a key of somebody"), Throws.Exception);

        var spans = _spans.ToList();
        Assert.That(
            spans.Select(static span => span.DisplayName),
            Is.EqualTo(new[] { $"describe {Table.Name}", $"upsert {Table.Name}", $"read {Table.Name}", $"read {Table.Name}" }));
        Assert.That(spans.Select(static span => span.Kind), Is.All.EqualTo(ActivityKind.Client));
        Assert.That(spans.Select(static span => span.TraceId), Is.All.EqualTo(caller.TraceId));
        Assert.That(spans[1].TagObjects.Select(static tag => tag.Key), Is.EqualTo(new[] { "db.system.name", "db.operation.name", "db.collection.name", "smartcache.cache.name" }));
        Assert.That(spans.Select(static span => span.Status), Is.EqualTo(new[] { ActivityStatusCode.Unset, ActivityStatusCode.Unset, ActivityStatusCode.Unset, ActivityStatusCode.Error }));
        Assert.That(spans[3].GetTagItem("error.type"), Is.Not.Null);
        Assert.That(spans.SelectMany(static span => span.TagObjects).Select(static tag => $"{tag.Value}"), Has.None.Contains("somebody"));
    }

    private ActivityListener Listen()
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == nameof(SmartCache),
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = _spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }
}
