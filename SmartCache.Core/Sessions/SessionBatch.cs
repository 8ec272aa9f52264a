using SmartCache.Expiration;
using SmartCache.Keys;
using SmartCache.Storage;

namespace SmartCache.Sessions;

/// <summary>
/// Stores of one session that share one write: each is decided on what the one before it leaves, and the row gets what
/// the last leaves, under one stamp, over exactly the row that the first was decided on. A store that cannot be decided
/// fails alone.
/// </summary>
internal sealed class SessionBatch : IMerge, IDisposable
{
    private readonly CacheKey _key;
    private readonly TouchQueue _touches;
    private readonly List<WaitingStore> _stores;
    private readonly bool _isListed;

    /// <summary>Writes, and what they were to be written over, of which it is not known whether they landed.</summary>
    private readonly List<(long Stamp, long Over)> _open = [];
    private readonly CancellationTokenSource _allHaveLeft = new();
    private readonly Lock _lock = new();
    private long _stamp = Stamps.New();
    private RowView? _row;
    private long? _over;
    private long? _landed;
    private int _staying;
    private bool _isOver;

    /// <summary>Takes in those of the stores whose callers still wait.</summary>
    /// <param name="key">The session's key.</param>
    /// <param name="stores">The stores.</param>
    /// <param name="touches">The accesses that are still to be written.</param>
    /// <param name="isListed">Whether rows keep the stamps of their last stores.</param>
    public SessionBatch(CacheKey key, List<WaitingStore> stores, TouchQueue touches, bool isListed)
    {
        (_key, _touches, _isListed) = (key, touches, isListed);
        lock (_lock)
        {
            _stores = stores.FindAll(store => store.TryJoin(this));
            _staying = _stores.Count;
        }
    }

    /// <summary>Cancelled when no caller waits any more.</summary>
    public CancellationToken Cancellation => _allHaveLeft.Token;

    public IReadOnlyList<WaitingStore> Stores => _stores;

    /// <summary>The latest moment of the stores.</summary>
    public long Now => _stores.Max(static store => store.Commit.Now);

    /// <summary>The row as the write leaves it; null if it did not take effect under the batch's stamp.</summary>
    public RowView? Written => _row is { } row && (row.Version == _stamp || row.Version == _landed) ? row : null;

    /// <summary>Decides on the row just read.</summary>
    public MergeStep Decide(CacheRow? row)
    {
        var theirs = RowView.Of(row, _key, _touches.Waiting(_key));
        if (_over is { } over)
        {
            _open.Add((_stamp, over));
            (_over, _stamp) = (null, Stamps.New());
        }

        _landed = FindLanded(theirs);
        if (_landed is null)
        {
            return DecideOn(theirs);
        }

        // An earlier try had landed as it was decided then; only its answer was lost.
        _row = theirs;
        return new MergeStep(MergeAction.None);
    }

    public MergeStep DecideOn(RowView theirs)
    {
        var step = new MergeStep(MergeAction.None);
        var over = theirs.Version;
        foreach (var store in _stores)
        {
            store.Failure = null;
            try
            {
                if (store.TryDecideOn(theirs, _stamp, over) is not { } next)
                {
                    continue;
                }

                step = step.Then(next);
            }
            catch (Exception exception)
            {
                store.Failure = exception;
                continue;
            }

            theirs = store.Commit.Written;
            if (step.WritesExpiry)
            {
                theirs = theirs with { Stored = step.Write.Lifetime, Effective = step.Write.Lifetime };
            }
        }

        _row = theirs;
        _over = step.Action is MergeAction.None or MergeAction.UpdateExpiry ? null : step.OldVersion;
        return step;
    }

    public void Refused()
    {
        _over = null;
        _stores.ForEach(static store => store.Commit.Refused());
    }

    /// <summary>Tells the callers that what was decided has taken effect.</summary>
    public void Complete()
    {
        foreach (var store in _stores)
        {
            store.Complete(_row!);
        }
    }

    public void Fail(Exception exception)
    {
        foreach (var store in _stores)
        {
            store.Fail(exception);
        }
    }

    /// <summary>A caller waits no longer.</summary>
    public void Leave()
    {
        lock (_lock)
        {
            if (--_staying == 0 && !_isOver)
            {
                _allHaveLeft.Cancel();
            }
        }
    }

    /// <summary>The stamp of the open write that the row shows to have landed; null if none does.</summary>
    private long? FindLanded(RowView theirs)
    {
        foreach (var (stamp, over) in _open.ToList())
        {
            switch (theirs.FateOf(stamp, over, _isListed))
            {
                case WriteFate.Landed:
                    return stamp;
                case WriteFate.Unknown when _stores.Find(static store => store.Commit.OnceOnly is not null) is { } store:
                    throw SessionMergeException.OutcomeUnknown(store.Commit.OnceOnly!);
                case WriteFate.MayYetLand:
                    break;
                default:
                    _open.Remove((stamp, over));
                    break;
            }
        }

        return null;
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isOver = true;
            _allHaveLeft.Dispose();
        }
    }
}
