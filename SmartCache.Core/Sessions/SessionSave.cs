using System.Runtime.ExceptionServices;
using SmartCache.Rows;

namespace SmartCache.Sessions;

/// <summary>
/// One save under way: decides on each row that it is shown, and remembers what it has sent without an answer. Its caller may leave
/// while others carry it out.
/// </summary>
internal sealed class SessionSave(SaveRequest request, SmartCacheOptions options)
{
    private readonly Lock _lock = new();
    private SaveBasis _basis = request.Snapshot.Basis;
    private SessionDifference _difference = SessionDifference.Between(request.Snapshot.Basis.Base, request.Mine);
    private (long Version, long Over)? _sent;
    private ExceptionDispatchInfo? _failure;
    private bool _hasLeft;

    public SaveRequest Request => request;

    /// <summary>The last decision; what became of the save once it is done.</summary>
    public SaveDecision Decision { get; private set; } = new(SaveOutcome.Unchanged, request.Snapshot.Theirs);

    /// <summary>Whether the row must be read before anything is decided.</summary>
    public bool MustReadFirst => HasInDoubt || (options.Concurrency == ConcurrencyMode.Pessimistic && !ChangesNothing);

    /// <summary>Whether an earlier save of the request may have landed or not.</summary>
    public bool HasInDoubt => _sent is not null || _basis.InDoubt.Length > 0;

    /// <summary>How many in-doubt writes a row has shown to be written.</summary>
    public int InDoubtWritten { get; private set; }

    /// <summary>How many in-doubt writes a row has shown not to be written.</summary>
    public int InDoubtNotWritten { get; private set; }

    /// <summary>Whether the request had found a session, or is known by now to have saved one.</summary>
    public bool HasBase => _basis.Base is not null;
    public bool ChangesNothing => Decider.ChangesNothing;

    /// <summary>Whether the last decision failed.</summary>
    public bool HasFailed => _failure is not null;
    private SaveDecider Decider => new(request, _basis, _difference, options);

    /// <summary>Decides on a row. What was sent before without an answer is in doubt from now on.</summary>
    /// <param name="actual">The row in the database.</param>
    /// <param name="theirs">The row as earlier saves that share the write leave it.</param>
    /// <param name="version">A new version for each decision: a row of one version must never contain two things.</param>
    /// <returns>Null if the decision failed, or if the caller has left and may save the same again by itself.</returns>
    public SaveDecision? Decide(Row actual, Row theirs, long version)
    {
        lock (_lock)
        {
            if (_hasLeft)
                return null;

            SetAside();
            _failure = null;
            try
            {
                var known = _basis;
                _basis = _basis.After(actual, request.Mine, options.Merge, out var isSaved);
                if (isSaved || _basis.Base != known.Base)
                    InDoubtWritten++;
                else
                    InDoubtNotWritten += known.InDoubt.Length - _basis.InDoubt.Length;

                if (_basis.Base != known.Base)
                    _difference = SessionDifference.Between(_basis.Base, request.Mine);

                Decision = isSaved ? Decision with { Outcome = SaveOutcome.Saved, After = theirs, Write = null } : Decider.Decide(theirs, actual.Version, version);
                _sent = Decision.Write?.Value is null ? null : (version, actual.Version);
                return Decision;
            }
            catch (Exception exception)
            {
                _failure = ExceptionDispatchInfo.Capture(exception);
                return null;
            }
        }
    }

    /// <summary>What was sent has certainly not been written.</summary>
    public void Refused()
    {
        lock (_lock)
            _sent = null;
    }

    /// <summary>What was decided has taken effect and left the row like this.</summary>
    public void Complete(Row row)
    {
        if (_failure is not null)
            return;

        // What was meant for the row that is now overwritten can no longer land.
        if (Decision.Write is { Value: not null } write)
            InDoubtNotWritten += _basis.InDoubt.Count(inDoubt => inDoubt.Over == write.Over);

        Decision = Decision with { After = row };
    }

    public void ThrowIfFailed() => _failure?.Throw();

    /// <summary>The caller leaves without an answer: what was sent is in doubt, whatever becomes of the batch from now on.</summary>
    public void Leave()
    {
        lock (_lock)
        {
            _hasLeft = true;
            SetAside();
        }
    }

    /// <summary>What the request knows after the save: mine is its new base, what was written its new theirs.</summary>
    public SessionSnapshot SnapshotAfter(SessionSnapshot current)
    {
        var row = Decision.After;
        return Decision.Outcome switch
        {
            SaveOutcome.Discarded => current with { IsRemoved = true, Basis = current.Basis with { InDoubt = [] } },
            SaveOutcome.Saved => current with { Basis = new SaveBasis(request.Mine, row.Session, []), BaseVersion = row.Version, Theirs = row },
            _ => current with { Basis = _basis with { InDoubt = [] }, Theirs = row },
        };
    }

    /// <summary>What the request knows after the save failed, perhaps after it had landed.</summary>
    public SessionSnapshot SnapshotAfterFailure(SessionSnapshot current)
    {
        lock (_lock)
        {
            SetAside();
            return current with { Basis = _basis };
        }
    }

    private void SetAside()
    {
        if (_sent is var (version, over))
        {
            _basis = _basis with { InDoubt = [.. _basis.InDoubt, new InDoubtWrite(version, over, request.Mine)] };
            _sent = null;
        }
    }
}
