namespace SmartCache.Contract.Engines;

/// <summary>A database as the contracts see it: how a cache on it is registered, and how its tables are looked at from outside.</summary>
public abstract class TestEngine(EngineFamily family)
{
    public virtual string Name => family.Title;

    /// <summary>What opens connections beside the cache, to look at rows and to tamper with them.</summary>
    public DbProviderFactory Driver => family.Driver;

    /// <summary>Where the database is. Only to be asked between start and stop.</summary>
    public abstract string ConnectionString { get; }

    /// <summary>What a program in another language reaches the database with.</summary>
    public SqlClient Client => family.Client(ConnectionString);

    /// <summary>Why two caches cannot see one table; null if they can.</summary>
    public virtual string? WhyOneNodeOnly => null;

    /// <summary>Whether reads and saves of different sessions that wait together share statements.</summary>
    public virtual bool SharesStatements => true;
    protected EngineFamily Family => family;

    /// <summary>How many statements on a table wait for a lock; null if the engine does not say.</summary>
    public virtual long? CountWaiting(RawTable table) => null;

    /// <summary>Options that every cache on this engine starts with, before the test's own; null for none.</summary>
    protected virtual Action<SmartCacheOptions>? Variation => null;

    public string Quote(string name) => family.Quote(name);

    /// <inheritdoc cref="EngineFamily.MaxNameLength"/>
    public int MaxNameLength => family.MaxNameLength;

    /// <summary>The statement that drops a table if it exists.</summary>
    public virtual string DropTable(string table) => $"DROP TABLE IF EXISTS {Quote(table)}";

    /// <summary>The statement after which every other one about the table fails.</summary>
    public virtual string Hide(string table) => $"ALTER TABLE {Quote(table)} RENAME TO {Quote($"{table}_away")}";

    /// <summary>The statement that undoes <see cref="Hide"/>.</summary>
    public virtual string Show(string table) => $"ALTER TABLE {Quote($"{table}_away")} RENAME TO {Quote(table)}";

    /// <summary>The statements that create a table with the columns of another one, and without its key.</summary>
    public virtual IEnumerable<string> CopyWithoutKey(string table, string copy) => [$"CREATE TABLE {Quote(copy)} AS SELECT * FROM {Quote(table)}"];

    /// <summary>Runs a statement that creates, changes or drops a table.</summary>
    public virtual void Alter(string statement)
    {
        using var connection = OpenConnection();
        using var command = connection.CreateCommand();
        command.CommandText = statement;
        command.ExecuteNonQuery();
    }

    /// <summary>The key column's bytes for a key.</summary>
    public virtual byte[] KeyBytes(string key) => Encoding.UTF8.GetBytes(key);

    /// <summary>What the key column holds for a key.</summary>
    public virtual byte[] StoredKey(byte[] key) => key;

    /// <summary>The key for which the key column holds this.</summary>
    public virtual byte[] KeyOf(byte[] stored) => stored;

    /// <summary>Registers the cache with the package's own method, all options left as they are unless <paramref name="configure"/> sets them.</summary>
    public IServiceCollection AddCache(IServiceCollection services, Action<SmartCacheOptions> configure, string? key = null) =>
        family.AddCache(services, Variation + configure, key);

    public IServiceCollection AddCache(IServiceCollection services, IConfiguration section, string? key = null) =>
        family.AddCache(Variation is { } variation ? family.AddCache(services, variation, key) : services, section, key);

    public IServiceCollection AddCache(IServiceCollection services, string table, Action<SmartCacheOptions>? configure = null, string? key = null) =>
        AddCache(
            services,
            options =>
            {
                options.ConnectionString = ConnectionString;
                options.TableName = table;
                configure?.Invoke(options);
            },
            key);

    /// <summary>Begins to count what one cache has this database do. One account at a time.</summary>
    public virtual Task<StatementAccount> OpenAccountAsync() => family.OpenAccountAsync(ConnectionString);

    /// <summary>Brings the database up. Called once, before the first test.</summary>
    public virtual Task StartAsync() => Task.CompletedTask;

    /// <summary>Takes it down and leaves nothing behind. Called once, after the last test, also if the start failed.</summary>
    public virtual Task StopAsync() => Task.CompletedTask;

    /// <summary>What an app hands over that opens its connections itself.</summary>
    public DbDataSource CreateDataSource() => family.CreateDataSource(ConnectionString);

    public DbConnection OpenConnection()
    {
        var connection = Driver.CreateConnection()!;
        connection.ConnectionString = ConnectionString;
        connection.Open();
        return connection;
    }
}

/// <summary>The one engine of its kind that every fixture of a test run shares.</summary>
public static class Running
{
    public static TEngine Of<TEngine>()
        where TEngine : TestEngine, new() => Single<TEngine>.Engine;

    private static class Single<TEngine>
        where TEngine : TestEngine, new()
    {
        public static readonly TEngine Engine = new();
    }
}

/// <summary>Starts the engine before a suite's tests and stops it after them: derive from it in the suite's root namespace, with [SetUpFixture].</summary>
public abstract class EngineSetUp<TEngine>
    where TEngine : TestEngine, new()
{
    [OneTimeSetUp]
    public Task StartAsync() => Running.Of<TEngine>().StartAsync();

    [OneTimeTearDown]
    public Task StopAsync() => Running.Of<TEngine>().StopAsync();
}
