using System.Buffers;
using System.Diagnostics.Metrics;
using System.Runtime.ExceptionServices;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Logging.Abstractions;
using SmartCache.Connections;
using SmartCache.Diagnostics;
using SmartCache.Owners;
using SmartCache.Rows;
using SmartCache.Sessions;
using SmartCache.Sql;
using SmartCache.Sweeping;
using SmartCache.Tickets;
using SmartCache.Touches;

namespace SmartCache;

/// <summary>
/// A distributed cache on a database, with which the stock session middleware loses nothing. Within a request it remembers what was
/// loaded; a session that is saved is merged, entry by entry, with what other requests saved meanwhile. All other values follow the
/// plain contract of <see cref="IDistributedCache"/>: the last writer wins.
/// </summary>
public sealed partial class SmartDistributedCache : IBufferDistributedCache, IAsyncDisposable, IDisposable
{
    /// <summary>The longest time that disposal takes, whatever the database does.</summary>
    internal static readonly TimeSpan DisposalLimit = TimeSpan.FromSeconds(5);

    private readonly IHttpContextAccessor? _contexts;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CacheMetrics _metrics;
    private readonly RowStore _store;
    private readonly TouchQueue _touches = new();
    private readonly SessionSaver _sessions;
    private readonly TouchFlusher _flusher;
    private readonly Sweeper _sweeper;
    private int _isDisposed;

    /// <summary>Builds a cache without a host. Applications register one with the provider's <c>Add…</c> method instead.</summary>
    /// <param name="options">The options.</param>
    /// <param name="dialect">The engine's SQL.</param>
    /// <param name="dataSource">Where connections come from. The cache does not dispose it.</param>
    /// <param name="httpContextAccessor">Tells the current request; null if there is never one, and so nothing to merge.</param>
    /// <param name="timeProvider">The clock; null for the system's.</param>
    /// <param name="loggerFactory">The log; null for none.</param>
    /// <param name="dataProtection">What encrypts values; required by <see cref="SmartCacheOptions.ProtectPayload"/>, and to read encrypted values.</param>
    /// <param name="meterFactory">Creates the meter; null for a meter of the cache's own.</param>
    /// <exception cref="ArgumentException">An option cannot work, or values are to be encrypted and <paramref name="dataProtection"/> is null.</exception>
    public SmartDistributedCache(
        SmartCacheOptions options, SqlDialect dialect, DbDataSource dataSource, IHttpContextAccessor? httpContextAccessor = null,
        TimeProvider? timeProvider = null, ILoggerFactory? loggerFactory = null, IDataProtectionProvider? dataProtection = null,
        IMeterFactory? meterFactory = null)
        : this(
            options, dialect, new PooledConnectionSource(dataSource, ownsDataSource: false), httpContextAccessor, timeProvider, loggerFactory, dataProtection,
            meterFactory)
    {
    }

    /// <summary>The same with connections that are disposed with the cache.</summary>
    /// <param name="name">The key of a keyed cache, for metrics.</param>
    internal SmartDistributedCache(
        SmartCacheOptions options, SqlDialect dialect, ConnectionSource connections, IHttpContextAccessor? httpContextAccessor = null,
        TimeProvider? timeProvider = null, ILoggerFactory? loggerFactory = null, IDataProtectionProvider? dataProtection = null,
        IMeterFactory? meterFactory = null, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(dialect);
        if (options.ProtectPayload && dataProtection is null)
            throw new ArgumentException($"{nameof(options.ProtectPayload)} is set and requires {nameof(dataProtection)}.", nameof(dataProtection));

        if (OptionFaults.Find(options, dialect).ToList() is { Count: > 0 } faults)
            throw new ArgumentException(string.Join(' ', faults), nameof(options));

        options.Merge.Freeze();
        (Dialect, Connections, Options, _contexts) = (dialect, connections, options, httpContextAccessor);
        _time = timeProvider ?? TimeProvider.System;
        _logger = (loggerFactory ?? NullLoggerFactory.Instance).CreateLogger<SmartDistributedCache>();

        _metrics = new CacheMetrics(meterFactory, name, dialect.SystemName, options.TableName);

        // Otherwise the timers would run in the context, and so in the trace, of the request that happens to come first.
        using (ExecutionContext.SuppressFlow())
        {
            _store = new RowStore(dialect, connections, options, _time, new PayloadProtection(dataProtection, options, _logger), _metrics, _logger);
            _sessions = new SessionSaver(options, _store, _touches, _contexts, _metrics, _logger);
            _flusher = new TouchFlusher(_touches, _store, _time, _metrics, _logger);
            Directory = new SessionDirectory(this, _store, _touches, _flusher, _contexts, _time);
            _sweeper = new Sweeper(_store, _flusher, options, _time, _metrics, _logger);
        }
    }

    internal SqlDialect Dialect { get; }
    internal ConnectionSource Connections { get; }
    internal SmartCacheOptions Options { get; }
    internal ISessionDirectory Directory { get; }
    internal TicketRows Tickets => new(_store, _touches, _sessions, Options, _time);

    /// <inheritdoc/>
    public byte[]? Get(string key) => ReadAsync(KeyOf(key), async: false, CancellationToken.None).TakeResult();

    /// <inheritdoc/>
    public Task<byte[]?> GetAsync(string key, CancellationToken token = default) => ReadAsync(KeyOf(key), async: true, token).AsTask();

    /// <inheritdoc/>
    public bool TryGet(string key, IBufferWriter<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        return Write(Get(key), destination);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> TryGetAsync(string key, IBufferWriter<byte> destination, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(destination);
        return Write(await ReadAsync(KeyOf(key), async: true, token).ConfigureAwait(false), destination);
    }

    /// <inheritdoc/>
    public void Set(string key, byte[] value, DistributedCacheEntryOptions options)
    {
        ArgumentNullException.ThrowIfNull(value);
        Set(key, new ReadOnlySequence<byte>(value), options);
    }

    /// <inheritdoc/>
    public void Set(string key, ReadOnlySequence<byte> value, DistributedCacheEntryOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        WriteAsync(KeyOf(key), value.ToArray(), options, async: false, CancellationToken.None).TakeResult();
    }

    /// <inheritdoc/>
    public Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(value);
        return SetAsync(key, new ReadOnlySequence<byte>(value), options, token).AsTask();
    }

    /// <inheritdoc/>
    public ValueTask SetAsync(string key, ReadOnlySequence<byte> value, DistributedCacheEntryOptions options, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(options);

        // A copy: what a request saved is the base of its next save, whatever the caller does with its buffer.
        return WriteAsync(KeyOf(key), value.ToArray(), options, async: true, token);
    }

    /// <inheritdoc/>
    public void Refresh(string key) => TouchAsync(KeyOf(key), async: false, CancellationToken.None).TakeResult();

    /// <inheritdoc/>
    public Task RefreshAsync(string key, CancellationToken token = default) => TouchAsync(KeyOf(key), async: true, token).AsTask();

    /// <inheritdoc/>
    public void Remove(string key) => DeleteAsync(KeyOf(key), async: false, CancellationToken.None).TakeResult();

    /// <inheritdoc/>
    public Task RemoveAsync(string key, CancellationToken token = default) => DeleteAsync(KeyOf(key), async: true, token).AsTask();

    /// <summary>Writes the touches that wait in memory. The cache does this by itself about once a second and on disposal.</summary>
    /// <param name="token">Ends the flush; touches that are not written keep waiting.</param>
    public Task FlushAsync(CancellationToken token = default) => _flusher.FlushAsync(FlushScope.Waiting, async: true, token).AsTask();

    /// <summary>
    /// Removes every row that expired more than the grace period ago. The cache does this by itself every
    /// <see cref="SmartCacheOptions.ExpiredRemovalInterval"/>; call it from a job if you have turned that off.
    /// </summary>
    /// <param name="token">Ends the sweep between two batches.</param>
    /// <returns>How many rows were removed.</returns>
    public Task<long> RemoveExpiredAsync(CancellationToken token = default) => _sweeper.SweepAsync(inTurn: false, async: true, token).AsTask();

    /// <summary>
    /// Writes the touches that wait, and closes the connections. This takes 5 seconds at most: if the database does not answer, the
    /// touches are given up and a warning is logged.
    /// </summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
            return;

        ExceptionDispatchInfo? failure = null;

        // On a thread of its own: a synchronous driver may wait for a silent host for any time.
        var closing = new Thread(() =>
        {
            try
            {
                CloseAsync(async: false).TakeResult();
            }
            catch (Exception exception)
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
        })
        { IsBackground = true, Name = "SmartCache disposal" };
        closing.UnsafeStart();
        var hasClosed = closing.Join(DisposalLimit);
        if (!hasClosed)
            _flusher.GiveUp();

        _metrics.Dispose();
        if (hasClosed)
            failure?.Throw();
    }

    /// <inheritdoc cref="Dispose"/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
            return;

        // On the thread pool: closing a connection may block even if the driver says that it is asynchronous.
        var closing = Task.Run(() => CloseAsync(async: true).AsTask());
        try
        {
            await closing.WaitAsync(DisposalLimit, _time).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!closing.IsCompleted)
        {
            _flusher.GiveUp();
        }
        finally
        {
            _metrics.Dispose();
        }
    }

    private async ValueTask CloseAsync(bool async)
    {
        await _sweeper.DisposeAsync(async).ConfigureAwait(false);
        await _flusher.DisposeAsync(async).ConfigureAwait(false);
        if (async)
            await Connections.DisposeAsync().ConfigureAwait(false);
        else
            Connections.Dispose();
    }

    private CacheKey KeyOf(string key) => CacheKey.From(key, Options.StoreKeyHash);
    private long Now() => _time.GetUtcNow().ToUnixTimeMilliseconds();

    private static bool Write(byte[]? value, IBufferWriter<byte> destination)
    {
        destination.Write(value);
        return value is not null;
    }
}
