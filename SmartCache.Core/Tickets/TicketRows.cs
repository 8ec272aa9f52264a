using SmartCache.Payloads;
using SmartCache.Rows;
using SmartCache.Sessions;
using SmartCache.Touches;

namespace SmartCache.Tickets;

/// <summary>A ticket as a row has it.</summary>
/// <param name="Value">The serialized ticket.</param>
internal sealed record TicketRow(byte[] Value, Lifetime Lifetime, string? Owner);

/// <summary>The rows of tickets in one cache's table. A row that was removed stays removed: only a sign-in adds one.</summary>
internal sealed class TicketRows(RowStore store, TouchQueue touches, SessionSaver sessions, SmartCacheOptions options, TimeProvider time)
{
    /// <summary>Storage without row locks loops on the guard. One of so many tries succeeds unless something is broken.</summary>
    private const int MaxTries = 1_000;

    public CacheKey KeyOf(string key) => CacheKey.From(key, options.StoreKeyHash);

    public DateTimeOffset UtcNow => time.GetUtcNow();

    private long Now => UtcNow.ToUnixTimeMilliseconds();

    /// <returns>Null if there is no live ticket.</returns>
    /// <exception cref="Exception">The ticket cannot be decrypted.</exception>
    public async ValueTask<Row?> FindAsync(CacheKey key, CancellationToken token)
    {
        await RequireOwnersAsync(token).ConfigureAwait(false);

        // Taken before and after: a touch may be written while the row is read, and wait no longer afterwards.
        var before = touches.Unwritten(key);
        var row = await store.ReadAsync(key, async: true, token).ConfigureAwait(false);
        return Live(row.With(before, touches.Unwritten(key)));
    }

    public async ValueTask AddAsync(CacheKey key, TicketRow ticket, CancellationToken token)
    {
        var now = Now;
        var write = WriteOf(key, ticket, RowWrite.NewVersion()) with { Inserts = true, IsNewLife = true };
        await RequireOwnersAsync(token).ConfigureAwait(false);

        // No one else has the key: if a row is there, it comes from a try whose answer was lost.
        await store.WriteAsync(key, write, now, async: true, token).ConfigureAwait(false);
    }

    /// <summary>Moves the expiry of a sliding ticket as a touch of a session does: together with others, and only if the row is still there.</summary>
    /// <param name="from">When the window begins again.</param>
    public ValueTask ExtendAsync(KnownTicket ticket, DateTimeOffset from, CancellationToken token)
    {
        var touch = from.ToUnixTimeMilliseconds();
        return sessions.TouchAsync(ticket.Key, touch, touch, ticket.Stored, async: true, token);
    }

    /// <summary>Writes another ticket over a live one.</summary>
    /// <returns>False if there is none any more.</returns>
    public async ValueTask<bool> TryReplaceAsync(CacheKey key, TicketRow ticket, CancellationToken token)
    {
        var now = Now;
        var write = WriteOf(key, ticket, RowWrite.NewVersion());
        await RequireOwnersAsync(token).ConfigureAwait(false);
        for (var tries = 0; tries < MaxTries; tries++)
        {
            var isThere = false;
            var result = await store.DecideAndWriteAsync(key, Decide, now, isProtected: true, async: true, token).ConfigureAwait(false);
            if (result == WriteResult.Written)
            {
                if (isThere)
                    touches.Stored(key, now, ticket.Lifetime);

                return isThere;
            }

            RowWrite? Decide(Row row)
            {
                var live = Live(row.With(touches.Unwritten(key)));
                isThere = live is not null;
                return live is null || live.Version == write.Version ? null : write with { Over = live.Version, IsOverPlainKey = live.IsUnderPlainKey };
            }
        }

        throw new TimeoutException($"The ticket with key hash {key} was changed {MaxTries} times by others while it was being saved.");
    }

    public async ValueTask RemoveAsync(CacheKey key, CancellationToken token)
    {
        await store.RemoveAsync(key, async: true, token).ConfigureAwait(false);
        touches.Removed(key);
    }

    private ValueTask RequireOwnersAsync(CancellationToken token) => store.RequireOwnersAsync("AddSmartTicketStore", async: true, token);

    private Row? Live(Row row)
    {
        var now = Now;
        row.ThrowIfUnreadableAt(now);
        return row.Kind == RowKind.Ticket && row.IsLiveAt(now) ? row : null;
    }

    private RowWrite WriteOf(CacheKey key, TicketRow ticket, long version)
    {
        CacheValueTooLargeException.ThrowIfLarger(ticket.Value, options.MaxValueSize, key);
        return new RowWrite { Value = ticket.Value, Format = RowFormat.Ticket, Version = version, Lifetime = ticket.Lifetime, Owner = ticket.Owner };
    }
}
