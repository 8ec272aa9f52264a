using System.Data.Common;
using Polly;
using SmartCache.Storage;

namespace SmartCache;

/// <summary>What the packages have in common. Each adds its engine's own options.</summary>
public abstract class SmartCacheOptions
{
    /// <summary>The longest an access may wait for its flush: one minute between writes of a row, one second to the next flush.</summary>
    internal static readonly TimeSpan LongestFlushDelay = TimeSpan.FromSeconds(61);

    /// <summary>What no configuration can hold. A binder passes over it without a word.</summary>
    internal static readonly string[] SetInCode = [nameof(DataSource), nameof(Merge), nameof(Resilience)];

    /// <summary>How to reach the database, as its driver spells it. The cache owns the connections it opens.</summary>
    /// <value>No default; this or <see cref="DataSource"/> is required.</value>
    public string? ConnectionString { get; set; }

    /// <summary>Where connections come from instead of <see cref="ConnectionString"/>. The cache does not dispose it.</summary>
    /// <value>No default.</value>
    public DbDataSource? DataSource { get; set; }

    /// <summary>The table that holds the rows.</summary>
    /// <value>Default <c>smart_cache</c>. Letters, digits, <c>_ $ -</c> and inner blanks.</value>
    public string TableName { get; set; } = "smart_cache";

    /// <summary>The names of the table's columns.</summary>
    public CacheColumns Columns { get; set; } = new();

    /// <summary>
    /// Whether a missing table is created on first use. Its existence is checked first, so a database user without
    /// the right to create tables can work on one that exists.
    /// </summary>
    /// <value>Default <see langword="true"/>.</value>
    public bool CreateTableIfNotExists { get; set; } = true;

    /// <summary>How concurrent stores of one session are kept from losing each other's entries.</summary>
    /// <value>Default <see cref="ConcurrencyMode.Optimistic"/>.</value>
    public ConcurrencyMode Concurrency { get; set; } = ConcurrencyMode.Optimistic;

    /// <summary>When accesses are written.</summary>
    /// <value>Default <see cref="RefreshMode.Deferred"/>.</value>
    public RefreshMode RefreshMode { get; set; } = RefreshMode.Deferred;

    /// <summary>The sliding window of a value stored without any expiration.</summary>
    /// <value>Default 20 minutes; more than zero. Sessions bring their own: <c>SessionOptions.IdleTimeout</c>.</value>
    public TimeSpan DefaultSlidingExpiration { get; set; } = TimeSpan.FromMinutes(20);

    /// <summary>What becomes of a store whose session was removed while its request ran.</summary>
    /// <value>Default <see cref="RemovedSessionPolicy.Discard"/>.</value>
    public RemovedSessionPolicy RemovedDuringRequest { get; set; } = RemovedSessionPolicy.Discard;

    /// <summary>
    /// What becomes of session entries that two requests change at the same time:
    /// <c>options.Merge.Entry("hits").Add()</c>.
    /// </summary>
    /// <value>Default none: the later store wins.</value>
    public SessionMergeRules Merge { get; set; } = new();

    /// <summary>How sessions are stored.</summary>
    /// <value>Default <see cref="PayloadFormat.Binary"/>.</value>
    public PayloadFormat PayloadFormat { get; set; } = PayloadFormat.Binary;

    /// <summary>
    /// Whether the table holds the SHA-256 of each key in place of the key, so that nobody who reads the table can take
    /// over a session. Rows stored before are found as they are, and get the hash with their next store. Switch it on for
    /// all nodes at once; switching it off again ends the sessions stored with it.
    /// </summary>
    /// <value>Default <see langword="false"/>.</value>
    public bool StoreKeyHash { get; set; }

    /// <summary>
    /// Whether values are encrypted by ASP.NET Core's Data Protection, which <c>AddSession</c> registers, each for its own
    /// key. Values stored before are read as they are, and encrypted with their next store; those encrypted are read
    /// whatever this says. One that cannot be decrypted is an error to who asks for it, and no session overwrites it.
    /// Keep the key ring where all nodes share it and restarts do not lose it.
    /// </summary>
    /// <value>Default <see langword="false"/>. Not together with <see cref="PayloadFormat.Json"/>.</value>
    public bool ProtectPayload { get; set; }

    /// <summary>
    /// Whether values that stand in the table in the clear count as absent while <see cref="ProtectPayload"/> is set: then
    /// who can write to the table cannot put a session of his own making there. Set it once what was stored before has
    /// expired.
    /// </summary>
    /// <value>Default <see langword="false"/>.</value>
    public bool RequireProtectedPayload { get; set; }

    /// <summary>
    /// The table of another distributed cache in the same database: a session or value that this cache has no row for
    /// moves in from there when it is asked for.
    /// </summary>
    /// <value>Default null: there is none.</value>
    public LegacyTable? LegacyTable { get; set; }

    /// <summary>Builds the Polly pipeline around every operation on the database, in place of the default one.</summary>
    /// <value>
    /// Default null: transient faults are retried up to 4 times, after 50 ms to 1 s with jitter, within <see cref="MaxRetryDuration"/>;
    /// a circuit breaker if <see cref="CircuitBreakDuration"/> is set.
    /// </value>
    public Action<ResiliencePipelineBuilder>? Resilience { get; set; }

    /// <summary>How long after an operation's begin it is still tried again; a try under way is not ended by it.</summary>
    /// <value>Default 10 seconds; 0 (no retries) to 5 minutes.</value>
    public TimeSpan MaxRetryDuration { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// For a database that stays down: for how long operations then fail at once, with Polly's
    /// <see cref="Polly.CircuitBreaker.BrokenCircuitException"/>, before one is let through to see whether it is back. That begins when of
    /// the tries of the last ten seconds, ten at least, half failed with a transient fault, deadlocks and lock timeouts not counted.
    /// </summary>
    /// <value>Default null: there is no circuit breaker. 500 milliseconds to 1 day.</value>
    public TimeSpan? CircuitBreakDuration { get; set; }

    /// <summary>How often expired rows are removed in the background; null never.</summary>
    /// <value>Default 5 minutes; 1 second to 30 days.</value>
    public TimeSpan? ExpiredRemovalInterval { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How many expired rows one statement removes at most.</summary>
    /// <value>Default 500; 1 to 100,000.</value>
    public int ExpiredRemovalBatchSize { get; set; } = 500;

    /// <summary>
    /// How long an expired row is left in place. Longer than a flush of accesses can be late (61 seconds) plus the
    /// difference between the nodes' clocks.
    /// </summary>
    /// <value>Default 5 minutes; 61 seconds to 365 days.</value>
    public TimeSpan ExpiredRemovalGracePeriod { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The largest value that is stored, in bytes; a larger one is refused whole with a <see cref="CacheValueTooLargeException"/>.</summary>
    /// <value>Default 16 MiB; 1 byte to 1 GiB.</value>
    public int MaxValueSize { get; set; } = 16 * 1024 * 1024;

    /// <summary>The statements that create the table under these options, for a database administrator to run.</summary>
    /// <exception cref="ArgumentException">The name of the table, its schema or a column cannot be used.</exception>
    public string CreateTableScript()
    {
        var dialect = CreateDialect();
        return dialect.CreateTable(new CacheTable(dialect, dialect.Schema(this), TableName, Columns)) + ";\n";
    }

    /// <summary>The engine's SQL under these options.</summary>
    protected internal abstract SqlDialect CreateDialect();
}
