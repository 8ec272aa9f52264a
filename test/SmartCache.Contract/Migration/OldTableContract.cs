namespace SmartCache.Contract.Migration;

/// <summary>What the contracts about moving in have: a peer's table beside ours, which every test finds empty, and which the nodes are told of.</summary>
public abstract class OldTableContract<TEngine, TPeer>(CallStyle style) : StyledContract<TEngine>(style)
    where TEngine : TestEngine, new()
    where TPeer : PeerTable, new()
{
    protected static readonly byte[] Value = [0, 1, 2, 255];

    protected TPeer Peer { get; } = new();

    protected OldTable Old { get; private set; } = null!;

    protected DateTimeOffset Soon => Time.GetUtcNow().AddMinutes(5);

    [OneTimeSetUp]
    public void CreateOldTable()
    {
        Old = new OldTable(Engine, Peer, $"{Table.Name}_old");
        Old.Create();
    }

    [OneTimeTearDown]
    public void DropOldTable() => Old.Drop();

    [SetUp]
    public void ClearOldTable() => Old.Clear();

    protected static DistributedCacheEntryOptions For(TimeSpan span) => new() { AbsoluteExpirationRelativeToNow = span };

    protected override void Configure(SmartCacheOptions options) => options.LegacyTable = Old.Description;
}
