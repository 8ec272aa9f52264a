using Microsoft.AspNetCore.Http;
using Polly;

namespace SmartCache;

/// <summary>The options that all packages share. Each package adds those of its engine.</summary>
public abstract class SmartCacheOptions
{
    /// <summary>The longest that a touch may wait for its flush: one minute between writes of a row, and one second to the next flush.</summary>
    internal static readonly TimeSpan LongestFlushDelay = TimeSpan.FromMilliseconds(Touch.LongestIntervalMs + Touch.FlushPeriodMs);

    /// <summary>The options that no configuration can contain. A binder ignores them silently.</summary>
    internal static readonly string[] SetInCode = [nameof(DataSource), nameof(Merge), nameof(Owner), nameof(Resilience)];

    /// <summary>The connection string of the database's driver. The cache owns the connections that it opens.</summary>
    /// <value>No default; this or <see cref="DataSource"/> is required.</value>
    public string? ConnectionString { get; set; }

    /// <summary>Where connections come from instead of <see cref="ConnectionString"/>. The cache does not dispose it.</summary>
    /// <value>No default.</value>
    public DbDataSource? DataSource { get; set; }

    /// <summary>The table.</summary>
    /// <value>Default <c>smart_cache</c>. Letters, digits, <c>_ $ -</c> and inner blanks.</value>
    public string TableName { get; set; } = "smart_cache";

    /// <summary>The names of the table's columns.</summary>
    public CacheColumns Columns { get; set; } = new();

    /// <summary>
    /// Whether a missing table is created on first use. The cache looks for the table first, so a database user without the right to
    /// create tables can use an existing one.
    /// </summary>
    /// <value>Default <see langword="true"/>.</value>
    public bool CreateTableIfNotExists { get; set; } = true;

    /// <summary>How concurrent saves of one session are kept from losing each other's entries.</summary>
    /// <value>Default <see cref="ConcurrencyMode.Optimistic"/>.</value>
    public ConcurrencyMode Concurrency { get; set; } = ConcurrencyMode.Optimistic;

    /// <summary>When touches are written.</summary>
    /// <value>Default <see cref="RefreshMode.Deferred"/>.</value>
    public RefreshMode RefreshMode { get; set; } = RefreshMode.Deferred;

    /// <summary>The sliding window of a value stored without any expiration.</summary>
    /// <value>Default 20 minutes; more than zero. Sessions have their own window: <c>SessionOptions.IdleTimeout</c>.</value>
    public TimeSpan DefaultSlidingExpiration { get; set; } = TimeSpan.FromMinutes(20);

    /// <summary>What becomes of a save if its session was removed while the request ran.</summary>
    /// <value>Default <see cref="RemovedSessionPolicy.Discard"/>.</value>
    public RemovedSessionPolicy RemovedDuringRequest { get; set; } = RemovedSessionPolicy.Discard;

    /// <summary>
    /// Whether a request's session is saved before its response starts. The client's next request then sees what this one has saved, and a
    /// save that fails makes the response an error. If <see langword="false"/>, the session middleware saves at the request's end, and
    /// logs and swallows errors.
    /// </summary>
    /// <value>Default <see langword="true"/>.</value>
    public bool CommitBeforeResponse { get; set; } = true;

    /// <summary>
    /// What becomes of session entries that two requests change at the same time:
    /// <c>options.Merge.Entry("hits").Add()</c>.
    /// </summary>
    /// <value>Default none: the later save wins.</value>
    public SessionMergeRules Merge { get; set; } = new();

    /// <summary>
    /// Says whose session a request saves: a text that names the user, such as the user's id. It is stored beside the session, so that
    /// <see cref="ISessionDirectory"/> finds all sessions of a user. It is called once for each save. Null leaves the row's owner as it
    /// is, so a request without a user does not take a session out of the user's list.
    /// </summary>
    /// <value>
    /// Default null: sessions have no owner. The text has 1 to 255 bytes as UTF-8, none of them zero, and is compared byte by byte. A
    /// table that was created without the column <c>owner</c> needs it; the error on first use contains the statement.
    /// </value>
    public Func<HttpContext, string?>? Owner { get; set; }

    /// <summary>How sessions are stored.</summary>
    /// <value>Default <see cref="PayloadFormat.Binary"/>.</value>
    public PayloadFormat PayloadFormat { get; set; } = PayloadFormat.Binary;

    /// <summary>
    /// Whether the table contains the SHA-256 of each key instead of the key, so that a reader of the table cannot take over a
    /// session. Rows written before are found by their plain keys and get the hash with their next write. Switch this on for all nodes
    /// at once. Switching it off again ends the sessions saved with it.
    /// </summary>
    /// <value>Default <see langword="false"/>.</value>
    public bool StoreKeyHash { get; set; }

    /// <summary>
    /// Whether values are encrypted by ASP.NET Core's Data Protection, which <c>AddSession</c> registers, each for its own key. Values
    /// written before are read as they are and encrypted with their next write; encrypted values are read in any case. Reading a value
    /// that cannot be decrypted is an error, and no session overwrites it. Keep the key ring where all nodes share it and restarts do
    /// not lose it.
    /// </summary>
    /// <value>Default <see langword="false"/>. Not together with <see cref="PayloadFormat.Json"/>.</value>
    public bool ProtectPayload { get; set; }

    /// <summary>
    /// Whether values that are not encrypted count as absent while <see cref="ProtectPayload"/> is set. Someone who can write to the
    /// table then cannot add a session of their own. Set this when the values written before encryption have expired.
    /// </summary>
    /// <value>Default <see langword="false"/>.</value>
    public bool RequireProtectedPayload { get; set; }

    /// <summary>
    /// The size in bytes from which values are compressed with Brotli, before they are encrypted. Both forms are read whatever the setting;
    /// a value changes over with its next write. A value that would not become smaller stays as it is.
    /// </summary>
    /// <value>Default null: nothing is compressed. 1 byte to 1 GiB; below about 1,024 it seldom pays.</value>
    public int? CompressionThreshold { get; set; }

    /// <summary>
    /// The table of another distributed cache in the same database. A session or value without a row in this cache's table is migrated
    /// from there when it is asked for.
    /// </summary>
    /// <value>Default null: there is none.</value>
    public LegacyTable? LegacyTable { get; set; }

    /// <summary>
    /// How many connections carry reads before more reads wait and share the next statement, up to 64 at a time; as many again carry saves.
    /// Fewer mean fewer and larger statements. Without load no request waits. Synchronous calls, removals and merges are not counted.
    /// </summary>
    /// <value>Default 2; 0 (no request shares a statement) to 64. SQLite needs no round trips to share, and ignores it.</value>
    public int CoalescingConnections { get; set; } = 2;

    /// <summary>Builds the Polly pipeline around every database operation, in place of the default one.</summary>
    /// <value>
    /// Default null: transient faults are retried up to 4 times, after 50 ms to 1 s with jitter, within <see cref="MaxRetryDuration"/>;
    /// a circuit breaker if <see cref="CircuitBreakDuration"/> is set.
    /// </value>
    public Action<ResiliencePipelineBuilder>? Resilience { get; set; }

    /// <summary>How long after its start an operation is still repeated. A try under way is not cancelled.</summary>
    /// <value>Default 10 seconds; 0 (no retries) to 5 minutes.</value>
    public TimeSpan MaxRetryDuration { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long operations fail at once while the database stays down, with Polly's
    /// <see cref="Polly.CircuitBreaker.BrokenCircuitException"/>, before one operation is let through to test it. The circuit opens if at
    /// least half of the tries in ten seconds, and at least ten of them, fail with a transient fault. Deadlocks and lock timeouts do not
    /// count.
    /// </summary>
    /// <value>Default null: there is no circuit breaker. 500 milliseconds to 1 day.</value>
    public TimeSpan? CircuitBreakDuration { get; set; }

    /// <summary>How often expired rows are removed in the background; null for never.</summary>
    /// <value>Default 5 minutes; 1 second to 30 days.</value>
    public TimeSpan? ExpiredRemovalInterval { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How many expired rows one statement removes at most.</summary>
    /// <value>Default 500; 1 to 100,000.</value>
    public int ExpiredRemovalBatchSize { get; set; } = 500;

    /// <summary>
    /// How long an expired row stays in the table. It must be longer than a touch can be late (61 seconds) plus the difference
    /// between the nodes' clocks.
    /// </summary>
    /// <value>Default 5 minutes; 61 seconds to 365 days.</value>
    public TimeSpan ExpiredRemovalGracePeriod { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The largest value in bytes. A larger one is refused with a <see cref="CacheValueTooLargeException"/>; nothing is truncated.</summary>
    /// <value>Default 16 MiB; 1 byte to 1 GiB.</value>
    public int MaxValueSize { get; set; } = 16 * 1024 * 1024;

    /// <summary>The statements that create the table under these options, for a database administrator to run.</summary>
    /// <exception cref="ArgumentException">The name of the table, its schema or a column cannot be used.</exception>
    public abstract string CreateTableScript();

    /// <returns>Whose session a request has; null if the app does not say, or if there is no request.</returns>
    /// <exception cref="InvalidOperationException">What the app says cannot be stored.</exception>
    internal string? OwnerOf(HttpContext? request)
    {
        var owner = request is null ? null : Owner?.Invoke(request);
        return owner is not null && SessionOwner.FindFault(owner) is { } fault
            ? throw new InvalidOperationException($"{GetType().Name}.{nameof(Owner)} returned a text that {fault}.")
            : owner;
    }
}

/// <summary>How a changed session is stored while other requests may be storing it too. Both lose nothing.</summary>
public enum ConcurrencyMode
{
    /// <summary>One guarded statement; only when another request came first, lock, re-read and merge.</summary>
    Optimistic,

    /// <summary>Always lock, re-read, merge and write: the classic algorithm, steadier under constant conflict.</summary>
    Pessimistic,
}

/// <summary>When a touch, which keeps a session alive, is written to the database.</summary>
public enum RefreshMode
{
    /// <summary>
    /// In the background, many sessions per statement: each at most once per interval, which is a tenth of the sliding window but no longer
    /// than a minute. A node that is killed loses at most that much of a sliding window.
    /// </summary>
    Deferred,

    /// <summary>At once, one statement per request.</summary>
    Immediate,
}

/// <summary>What becomes of a save whose session was removed while its request ran.</summary>
public enum RemovedSessionPolicy
{
    /// <summary>It is discarded, logged and counted: a slow request cannot undo a logout.</summary>
    Discard,

    /// <summary>The entries the request changed begin a new session under the same key.</summary>
    Recreate,
}

/// <summary>How sessions are stored. Both forms are read whatever the setting; a session changes over with its next changed save.</summary>
public enum PayloadFormat
{
    /// <summary>The session middleware's own bytes.</summary>
    Binary,

    /// <summary>
    /// JSON text, readable in SQL and by programs in other languages:
    /// <c>{"id":"…","entries":{"name":"text","counter":{"base64":"AAAABQ=="}}}</c>.
    /// </summary>
    Json,
}
