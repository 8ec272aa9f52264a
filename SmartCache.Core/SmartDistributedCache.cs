using System.Buffers;
using System.Runtime.ExceptionServices;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SmartCache.Expiration;
using SmartCache.Keys;
using SmartCache.Sessions;
using SmartCache.Storage;
using SmartCache.Storage.Protection;

namespace SmartCache;

/// <summary>
/// A distributed cache on a database under which the stock session middleware loses nothing. Within a request it
/// remembers what was loaded; a session that is stored is merged, entry by entry, with what other requests stored
/// meanwhile. Any other value follows the plain contract of <see cref="IDistributedCache"/>: the last writer wins.
/// </summary>
public sealed class SmartDistributedCache : IBufferDistributedCache, IAsyncDisposable, IDisposable
{
    /// <summary>How long disposal takes at most, whatever the database does.</summary>
    internal static readonly TimeSpan DisposalLimit = TimeSpan.FromSeconds(5);

    private readonly bool _hashesKeys;
    private readonly StorageEngine _engine;
    private readonly TouchFlusher _flusher;
    private readonly ExpiredRowSweeper _sweeper;
    private readonly CacheOperations _operations;
    private readonly TimeProvider _time;
    private int _isDisposed;

    /// <summary>Builds a cache without a host. Applications register one with the provider's <c>Add…</c> method instead.</summary>
    /// <param name="options">The options. Connections come from <paramref name="engine"/>, so none need be named here.</param>
    /// <param name="engine">The engine; disposed with the cache.</param>
    /// <param name="httpContextAccessor">Tells the current request; null if there is none ever, and so nothing to merge.</param>
    /// <param name="timeProvider">The clock; null for the system's.</param>
    /// <param name="loggerFactory">Where messages go; null for nowhere.</param>
    /// <param name="dataProtection">What encrypts values; needed with <see cref="SmartCacheOptions.ProtectPayload"/>, and to read what was stored with it.</param>
    /// <exception cref="ArgumentException">An option cannot work, or values are to be encrypted and there is nothing to encrypt them with.</exception>
    public SmartDistributedCache(
        SmartCacheOptions options,
        StorageEngine engine,
        IHttpContextAccessor? httpContextAccessor = null,
        TimeProvider? timeProvider = null,
        ILoggerFactory? loggerFactory = null,
        IDataProtectionProvider? dataProtection = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(engine);
        if (options.ProtectPayload && dataProtection is null)
        {
            throw new ArgumentException($"{nameof(options.ProtectPayload)} is set, and so {nameof(dataProtection)} is needed.", nameof(dataProtection));
        }

        var faults = SmartCacheOptionsFaults.Find(options, engine.Dialect).ToList();
        if (faults.Count > 0)
        {
            throw new ArgumentException(string.Join(' ', faults), nameof(options));
        }

        options.Merge.Freeze();
        var time = timeProvider ?? TimeProvider.System;
        var logger = (loggerFactory ?? NullLoggerFactory.Instance).CreateLogger<SmartDistributedCache>();
        var store = new RowStore(engine, options, SessionEncoding.FormatOf, time, new PayloadProtection(dataProtection, options, logger));
        var touches = new TouchQueue();
        (_hashesKeys, _engine) = (options.StoreKeyHash, engine);
        _time = time;
        _operations = new CacheOperations(this, options, store, touches, httpContextAccessor, time, logger);

        // Timers would run for ever in the context, and so the trace, of the request that happens to come first.
        using (ExecutionContext.SuppressFlow())
        {
            _flusher = new TouchFlusher(touches, store, time, logger);
            _sweeper = new ExpiredRowSweeper(store, _flusher, options, time, logger);
        }
    }

    /// <inheritdoc/>
    public byte[]? Get(string key) => _operations.GetAsync(KeyOf(key), async: false, CancellationToken.None).TakeResult();

    /// <inheritdoc/>
    public Task<byte[]?> GetAsync(string key, CancellationToken token = default) =>
        _operations.GetAsync(KeyOf(key), async: true, token).AsTask();

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
        return Write(await _operations.GetAsync(KeyOf(key), async: true, token).ConfigureAwait(false), destination);
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
        _operations.SetAsync(KeyOf(key), value.ToArray(), options, async: false, CancellationToken.None).TakeResult();
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

        // A copy: what a request stored is the base of its next store, whatever the caller does with its buffer.
        return _operations.SetAsync(KeyOf(key), value.ToArray(), options, async: true, token);
    }

    /// <inheritdoc/>
    public void Refresh(string key) => _operations.RefreshAsync(KeyOf(key), async: false, CancellationToken.None).TakeResult();

    /// <inheritdoc/>
    public Task RefreshAsync(string key, CancellationToken token = default) =>
        _operations.RefreshAsync(KeyOf(key), async: true, token).AsTask();

    /// <inheritdoc/>
    public void Remove(string key) => _operations.RemoveAsync(KeyOf(key), async: false, CancellationToken.None).TakeResult();

    /// <inheritdoc/>
    public Task RemoveAsync(string key, CancellationToken token = default) =>
        _operations.RemoveAsync(KeyOf(key), async: true, token).AsTask();

    /// <summary>Writes the accesses that still wait in memory, as happens by itself about once a second and on disposal.</summary>
    /// <param name="token">Ends the writing; what is not written waits on.</param>
    public Task FlushAsync(CancellationToken token = default) => _flusher.FlushAsync(FlushScope.Waiting, async: true, token).AsTask();

    /// <summary>
    /// Removes every row that expired more than the grace period ago, as happens by itself every
    /// <see cref="SmartCacheOptions.ExpiredRemovalInterval"/>: for those who turn that off and call this from a job.
    /// </summary>
    /// <param name="token">Ends the removing between two batches.</param>
    /// <returns>How many rows were removed.</returns>
    public Task<long> RemoveExpiredAsync(CancellationToken token = default) =>
        _sweeper.SweepAsync(inTurn: false, async: true, token).AsTask();

    /// <summary>
    /// Writes the accesses that still wait, and closes the connections. This takes 5 seconds at most: if the database does
    /// not answer, the accesses are given up with a warning in the log.
    /// </summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        ExceptionDispatchInfo? failure = null;

        // On a thread of its own, because a synchronous driver waits for a silent host as long as it likes.
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
        {
            IsBackground = true,
            Name = "SmartCache disposal",
        };
        closing.UnsafeStart();
        if (closing.Join(DisposalLimit))
        {
            failure?.Throw();
        }
        else
        {
            _flusher.GiveUp();
        }
    }

    /// <inheritdoc cref="Dispose"/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        // On the thread pool, because closing a connection may block even where the driver says it is asynchronous.
        var closing = Task.Run(() => CloseAsync(async: true).AsTask());
        try
        {
            await closing.WaitAsync(DisposalLimit, _time).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!closing.IsCompleted)
        {
            _flusher.GiveUp();
        }
    }

    private async ValueTask CloseAsync(bool async)
    {
        await _sweeper.DisposeAsync(async).ConfigureAwait(false);
        await _flusher.DisposeAsync(async).ConfigureAwait(false);
        if (async)
        {
            await _engine.Connections.DisposeAsync().ConfigureAwait(false);
        }
        else
        {
            _engine.Connections.Dispose();
        }
    }

    private CacheKey KeyOf(string key) => CacheKey.From(key, _hashesKeys);

    private static bool Write(byte[]? value, IBufferWriter<byte> destination)
    {
        destination.Write(value);
        return value is not null;
    }
}
