using SmartCache.Payloads;
using SmartCache.Primitives;
using SmartCache.Rows;

namespace SmartCache.Sweeping;

/// <summary>
/// Has one node sweep at a time: a row of the table says until when the others leave expired rows alone. This saves work and
/// nothing else. Every DELETE checks the expiry itself, so two nodes that sweep at the same time do no harm.
/// </summary>
/// <param name="store">The rows.</param>
/// <param name="options">How often a sweep is due, and how far clocks may differ.</param>
/// <param name="time">This node's clock.</param>
internal sealed class SweepTurn(RowStore store, SmartCacheOptions options, TimeProvider time)
{
    /// <summary>How long the others wait for a node that has died during a sweep.</summary>
    private static readonly TimeSpan Length = TimeSpan.FromMinutes(1);

    /// <summary>The row's version by which a node recognises its own turn.</summary>
    private readonly long _node = RowWrite.NewVersion();

    private long _begun;
    private long _until;

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    private double Interval => options.ExpiredRemovalInterval!.Value.TotalMilliseconds;

    /// <summary>Takes the turn; false if another node has it, or had it not long ago.</summary>
    public ValueTask<bool> TryTakeAsync(CancellationToken cancellationToken)
    {
        _begun = Now;
        return TryHoldAsync(_begun + (long)Length.TotalMilliseconds, cancellationToken);
    }

    /// <summary>Keeps the turn while the sweep goes on; false if it took so long that another node has begun a sweep.</summary>
    public ValueTask<bool> TryKeepAsync(CancellationToken cancellationToken)
    {
        var now = Now;
        return _until - now > Length.TotalMilliseconds / 2
            ? ValueTask.FromResult(true)
            : TryHoldAsync(now + (long)Length.TotalMilliseconds, cancellationToken);
    }

    /// <summary>The sweep is done, and no node begins another for most of an interval. A whole interval would make this node's own next one too early.</summary>
    public async ValueTask EndAsync(CancellationToken cancellationToken) =>
        await TryHoldAsync(_begun + (long)(Interval * 3 / 4), cancellationToken).ConfigureAwait(false);

    private async ValueTask<bool> TryHoldAsync(long until, CancellationToken cancellationToken)
    {
        _until = until;
        var isOurs = false;
        var result = await store.DecideAndWriteAsync(CacheKey.OfSweepTurn, Decide, Now, isProtected: false, async: true, cancellationToken).ConfigureAwait(false);
        return isOurs && result == WriteResult.Written;

        RowWrite? Decide(Row row)
        {
            var isAbsent = row.Kind == RowKind.Absent;
            isOurs = isAbsent || row.Version == _node || !IsTaken(row.Stored.ExpiresAt);
            return !isOurs ? null : new RowWrite
            {
                Over = row.Version,
                Inserts = isAbsent,
                IsNewLife = true,
                Value = [],
                Format = RowFormat.Opaque,
                Version = _node,
                Lifetime = new Lifetime(until, SlidingMs: null, AbsoluteAt: null),
            };
        }
    }

    /// <summary>A node whose clock is right takes no longer turn: a row that says so comes from a node with another clock or interval.</summary>
    private bool IsTaken(long until)
    {
        var now = Now;
        return until > now && until <= now + Interval + options.ExpiredRemovalGracePeriod.TotalMilliseconds;
    }
}
