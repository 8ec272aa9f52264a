using SmartCache.Keys;
using SmartCache.Storage;

namespace SmartCache.Expiration;

/// <summary>
/// Has one node remove expired rows at a time, whoever has got the turn: a row of the table that says until when others
/// are to leave it alone. It saves work and no more. Every DELETE looks at the expiry itself, so that two who take turns
/// at the same time, because one was held up or their clocks differ, do no harm.
/// </summary>
/// <param name="store">The rows.</param>
/// <param name="options">How often a pass is due, and how far clocks may differ.</param>
/// <param name="time">This node's clock.</param>
internal sealed class SweepTurn(RowStore store, SmartCacheOptions options, TimeProvider time) : IMerge
{
    /// <summary>How long the others wait for a node that has died in the middle of a pass.</summary>
    private static readonly TimeSpan Length = TimeSpan.FromMinutes(1);

    /// <summary>By this number in the row's version a node knows its own turn.</summary>
    private readonly long _node = Stamps.New();

    private long _begun;
    private long _until;
    private bool _isOurs;

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    private double Interval => options.ExpiredRemovalInterval!.Value.TotalMilliseconds;

    /// <summary>Takes the turn; false if another node has it, or had it not long ago.</summary>
    public ValueTask<bool> TryTakeAsync(CancellationToken cancellationToken)
    {
        _begun = Now;
        return TryHoldAsync(_begun + (long)Length.TotalMilliseconds, cancellationToken);
    }

    /// <summary>Keeps it while the pass goes on; false if it took so long that another node has begun one.</summary>
    public ValueTask<bool> TryKeepAsync(CancellationToken cancellationToken)
    {
        var now = Now;
        return _until - now > Length.TotalMilliseconds / 2
            ? ValueTask.FromResult(true)
            : TryHoldAsync(now + (long)Length.TotalMilliseconds, cancellationToken);
    }

    /// <summary>The pass is done: nobody need begin another for most of an interval. For all of it, our own next one would be too early.</summary>
    public async ValueTask EndAsync(CancellationToken cancellationToken) =>
        await TryHoldAsync(_begun + (long)(Interval * 3 / 4), cancellationToken).ConfigureAwait(false);

    public MergeStep Decide(CacheRow? row)
    {
        _isOurs = row is null || row.Version == _node || !IsTaken(row.Lifetime.ExpiresAt);
        if (!_isOurs)
        {
            return new MergeStep(MergeAction.None);
        }

        var write = new RowWrite([], RowFormat.Opaque, _node, new Lifetime(_until, SlidingMs: null, AbsoluteAt: null));
        return row is null
            ? new MergeStep(MergeAction.Insert, write)
            : new MergeStep(MergeAction.Replace, write, row.Version);
    }

    public void Refused() => _isOurs = false;

    private async ValueTask<bool> TryHoldAsync(long until, CancellationToken cancellationToken)
    {
        _until = until;
        return await store.TryMergeAsItIsAsync(CacheKey.OfSweepTurn, this, Now, async: true, cancellationToken).ConfigureAwait(false) && _isOurs;
    }

    /// <summary>No turn lasts longer than that by a clock that is right; a row that says so is of a node whose clock or interval was another.</summary>
    private bool IsTaken(long until)
    {
        var now = Now;
        return until > now && until <= now + Interval + options.ExpiredRemovalGracePeriod.TotalMilliseconds;
    }
}
