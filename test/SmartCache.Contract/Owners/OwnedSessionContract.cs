namespace SmartCache.Contract.Owners;

/// <summary>A contract about sessions that have owners: a request's user is in its context's items.</summary>
public abstract class OwnedSessionContract<TEngine>(CallStyle style, ConcurrencyMode mode) : SessionContract<TEngine>(style, mode)
    where TEngine : TestEngine, new()
{
    private bool _hashesKeys;

    /// <summary>The table, with rows found as the test's options save them.</summary>
    protected RawTable Rows => _hashesKeys ? Table.UnderHashes : Table;
    protected ISessionDirectory Directory => Node.Inner.Directory;

    [SetUp]
    public void StoreAsUsual() => Use(Storage.Usual);

    protected void Use(Storage storage, Action<SmartCacheOptions>? configure = null)
    {
        _hashesKeys = storage == Storage.Hashed || Engine.KeyBytes("a").Length == RawTable.Hash("a").Length;
        Use(storage.Configure + configure);
    }

    protected override void Configure(SmartCacheOptions options)
    {
        base.Configure(options);
        options.Owner = static context => context.Items["user"] as string;
    }

    protected static SimulatedRequest As(SimulatedRequest request, string? user)
    {
        request.Context.Items["user"] = user;
        return request;
    }

    /// <summary>A whole request of a user that sets an entry of the session.</summary>
    protected async Task SaveAsAsync(string? user, string? key = null, string entry = "a", Node? node = null)
    {
        var request = As(new SimulatedRequest(node ?? Node, key ?? Key), user);
        await request.SetAsync(entry, "1");
        await request.EndAsync();
    }

    /// <summary>A whole request of a user that reads the session.</summary>
    protected async Task ReadAsAsync(string? user, Action<HttpContext>? ask = null)
    {
        var request = As(Begin(), user);
        await request.LoadAsync();
        ask?.Invoke(request.Context);
        await request.EndAsync();
    }

    protected static async Task<List<SessionInfo>> ListAsync(ISessionDirectory directory, string owner) => await directory.ListAsync(owner).ToListAsync();
}

/// <summary>How rows are stored.</summary>
public sealed class Storage
{
    public static readonly Storage Usual = new(nameof(Usual), static _ => { });
    public static readonly Storage Hashed = new(nameof(Hashed), static options => options.StoreKeyHash = true);
    public static readonly Storage Encrypted = new(nameof(Encrypted), static options => options.ProtectPayload = true);
    public static readonly Storage Json = new(nameof(Json), static options => options.PayloadFormat = PayloadFormat.Json);
    public static readonly Storage Counting = new(nameof(Counting), static options => options.Merge.Entry("hits").Add());

    private readonly string _name;

    private Storage(string name, Action<SmartCacheOptions> configure) => (_name, Configure) = (name, configure);

    public static IEnumerable<Storage> All => [Usual, Hashed, Encrypted, Json, Counting];

    public Action<SmartCacheOptions> Configure { get; }

    public override string ToString() => _name;
}
