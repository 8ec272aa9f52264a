namespace SmartCache.Contract.Migration;

/// <summary>The base of the contracts about migration: a peer's table that every test finds empty, and that the nodes are told of.</summary>
public abstract class LegacyTableContract<TEngine, TPeer>(CallStyle style) : StyledContract<TEngine>(style)
    where TEngine : TestEngine, new()
    where TPeer : PeerTable, new()
{
    protected static readonly byte[] Value = [0, 1, 2, 255];

    protected TPeer Peer { get; } = new();
    protected LegacyRows Legacy { get; private set; } = null!;
    protected DateTimeOffset Soon => Time.GetUtcNow().AddMinutes(5);

    [OneTimeSetUp]
    public void CreateLegacyTable()
    {
        Legacy = new LegacyRows(Engine, Peer, $"{Table.Name}_legacy");
        Legacy.Create();
    }

    [OneTimeTearDown]
    public void DropLegacyTable() => Legacy.Drop();

    [SetUp]
    public void ClearLegacyTable() => Legacy.Clear();

    protected static DistributedCacheEntryOptions For(TimeSpan span) => new() { AbsoluteExpirationRelativeToNow = span };

    protected override void Configure(SmartCacheOptions options) => options.LegacyTable = Legacy.Description;
}
