using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using SmartCache.Payloads;
using SmartCache.Rows;
using SmartCache.Sessions;
using SmartCache.Touches;

namespace SmartCache.Owners;

/// <summary>The sessions of each owner in one cache's table.</summary>
/// <param name="cache">By which the requests of this node know the cache.</param>
internal sealed class SessionDirectory(
    object cache, RowStore store, TouchQueue touches, TouchFlusher flusher, IHttpContextAccessor? contexts, TimeProvider time) : ISessionDirectory
{
    private const int PageSize = 256;

    /// <summary>How many rows one statement deletes.</summary>
    private const int BatchSize = 64;

    /// <summary>The end of the year 9999, where .NET's calendar ends.</summary>
    private static readonly long LastMoment = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    public IAsyncEnumerable<SessionInfo> ListAsync(string owner, CancellationToken token = default)
    {
        ThrowIfNoOwner(owner);
        return ListSessionsAsync(owner, token);
    }

    public async Task<bool> EndAsync(string owner, string reference, CancellationToken token = default)
    {
        ThrowIfNoOwner(owner);
        ArgumentNullException.ThrowIfNull(reference);
        if (!OwnedRow.TryReadCrc(reference, out var crc))
            return false;

        var rows = await store.FindOwnedAsync(owner, crc, async: true, token).ConfigureAwait(false);
        return await EndAsync(owner, rows.Where(row => row.Reference == reference), token).ConfigureAwait(false) > 0;
    }

    public async Task<int> EndAllAsync(string owner, bool exceptCurrent = false, CancellationToken token = default)
    {
        ThrowIfNoOwner(owner);
        var current = exceptCurrent ? await FindCurrentAsync(token).ConfigureAwait(false) : [];
        var ended = 0;
        await foreach (var page in ListPagesAsync(owner, token).ConfigureAwait(false))
            ended += await EndAsync(owner, page.Where(row => !current.Contains(row.Key)), token).ConfigureAwait(false);

        return ended;
    }

    public async Task<long> CountAsync(string owner, CancellationToken token = default)
    {
        ThrowIfNoOwner(owner);
        return await CountLiveAsync(owner, token).ConfigureAwait(false);
    }

    public async Task<long> CountAllAsync(CancellationToken token = default) => await CountLiveAsync(owner: null, token).ConfigureAwait(false);

    private async ValueTask<long> CountLiveAsync(string? owner, CancellationToken token)
    {
        // The database counts. It must know the touches of rows that look nearly expired.
        await flusher.FlushAsync(FlushScope.Due, async: true, token).ConfigureAwait(false);
        return await store.CountAsync(owner, Now(), async: true, token).ConfigureAwait(false);
    }

    private async IAsyncEnumerable<SessionInfo> ListSessionsAsync(string owner, [EnumeratorCancellation] CancellationToken token)
    {
        var current = await FindCurrentAsync(token).ConfigureAwait(false);
        await foreach (var page in ListPagesAsync(owner, token).ConfigureAwait(false))
        {
            foreach (var row in page)
            {
                var lifetime = Effective(row);
                if (lifetime.IsLiveAt(Now()))
                    yield return Describe(row, lifetime, isCurrent: current.Contains(row.Key));
            }
        }
    }

    /// <summary>All rows of an owner, expired ones too: this node or another may know of touches that the row does not show yet.</summary>
    private async IAsyncEnumerable<List<OwnedRow>> ListPagesAsync(string owner, [EnumeratorCancellation] CancellationToken token)
    {
        OwnedRow? last = null;
        do
        {
            // A touch that is written while the page is read would be in neither: the queue may forget it before the page is there.
            await flusher.FlushAsync(FlushScope.Due, async: true, token).ConfigureAwait(false);
            var page = await store.ListOwnedAsync(owner, last, PageSize, async: true, token).ConfigureAwait(false);
            yield return page;
            last = page.Count < PageSize ? null : page[^1];
        }
        while (last is not null);
    }

    /// <summary>Removes rows of an owner. What requests of this node or another save of them later is discarded.</summary>
    /// <returns>How many of them were live.</returns>
    private async ValueTask<int> EndAsync(string owner, IEnumerable<OwnedRow> rows, CancellationToken token)
    {
        var request = SessionRequest.Known(contexts, out _);
        var ended = 0;
        foreach (var batch in rows.OrderBy(static row => row.Stored).GroupBy(row => request?.Find(cache, row.Key)))
        {
            if (batch.Key is null)
            {
                foreach (var some in batch.Chunk(BatchSize))
                    ended += await RemoveAsync(owner, some, known: null, token).ConfigureAwait(false);

                continue;
            }

            // The request's own session: after its saves under way, and before those to come.
            using var known = await request!.EnterAsync(cache, batch.Key.Key, async: true, token).ConfigureAwait(false);
            ended += await RemoveAsync(owner, [.. batch], known, token).ConfigureAwait(false);
        }

        return ended;
    }

    private async ValueTask<int> RemoveAsync(string owner, OwnedRow[] rows, RequestedKey? known, CancellationToken token)
    {
        var now = Now();
        var live = rows.Count(row => Effective(row).IsLiveAt(now));
        var removed = await store.RemoveOwnedAsync(owner, rows, async: true, token).ConfigureAwait(false);
        if (removed > 0)
        {
            foreach (var row in rows)
                touches.Removed(row.Key);

            known?.RenewAll(static snapshot => snapshot.Removed());
        }

        return Math.Min(live, removed);
    }

    /// <summary>The keys of the current request's tickets, and of its session, which is loaded to find out.</summary>
    private async ValueTask<HashSet<CacheKey>> FindCurrentAsync(CancellationToken token)
    {
        if (SessionRequest.Current(contexts, out var owner) is not { } request)
            return [];

        var current = request.Tickets?.Keys() ?? [];
        if (owner is not ISession session)
            return current;

        await session.LoadAsync(token).ConfigureAwait(false);
        if (request.FindKey(cache, session) is { } key)
            current.Add(key);

        return current;
    }

    private static SessionInfo Describe(OwnedRow row, Lifetime lifetime, bool isCurrent) => new()
    {
        Reference = row.Reference,
        Kind = RowFormat.IsTicket(row.Format) ? SessionKind.Ticket : SessionKind.Session,
        CreatedAt = At(row.CreatedAt),

        // A touch is seen in the expiry that it has moved, and a save in its own column.
        LastSeenAt = At(Math.Max(row.UpdatedAt, lifetime.SlidingMs is { } sliding ? lifetime.ExpiresAt - sliding : 0)),
        ExpiresAt = At(lifetime.ExpiresAt),
        Size = row.Size,
        IsCurrent = isCurrent,
    };

    /// <summary>The row's lifetime after this node's touches. Some wait. Others were written after the page was read.</summary>
    private Lifetime Effective(OwnedRow row)
    {
        var unwritten = touches.Unwritten(row.Key);
        return row.Lifetime.Over(touches.Known(row.Key) ?? row.Lifetime).Touched(unwritten);
    }

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();

    private static DateTimeOffset At(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(Math.Min(milliseconds, LastMoment));

    private static void ThrowIfNoOwner(string owner)
    {
        ArgumentNullException.ThrowIfNull(owner);
        if (SessionOwner.FindFault(owner) is { } fault)
            throw new ArgumentException($"The owner {fault}.", nameof(owner));
    }
}
