namespace SmartCache.Sqlite.Tests;

/// <summary>SQLite on a file: one of its own that goes with it, or a given one.</summary>
public sealed class SqliteEngine(string? file) : TestEngine(EngineFamily.Of("sqlite"))
{
    /// <summary>Not made by a second process, which is told what to connect to.</summary>
    private readonly Lazy<DirectoryInfo> _folder = new(static () => Directory.CreateTempSubdirectory("smartcache-"));

    public SqliteEngine()
        : this(null)
    {
    }

    public override string ConnectionString => $"Data Source={file ?? Path.Combine(_folder.Value.FullName, "contract.db")};Pooling=False";

    // There are no round trips to share.
    public override bool SharesStatements => false;

    public override Task StopAsync()
    {
        if (_folder.IsValueCreated)
            _folder.Value.Delete(recursive: true);

        return Task.CompletedTask;
    }
}

/// <summary>The same file, with tables in which every row stands under a hash of its key.</summary>
public sealed class HashedSqliteEngine() : TestEngine(EngineFamily.Of("sqlite"))
{
    public override string ConnectionString => Running.Of<SqliteEngine>().ConnectionString;
    public override bool SharesStatements => false;
    protected override Action<SmartCacheOptions> Variation => static options => options.StoreKeyHash = true;

    public override byte[] KeyBytes(string key) => RawTable.Hash(key);
}

[SetUpFixture]
public sealed class SqliteSetUp : EngineSetUp<SqliteEngine>;
