using SmartCache.Rows;
using SmartCache.Touches;

namespace SmartCache.Sessions;

/// <summary>
/// The saves of one session that share a write; often there is only one. Each is decided on what the one before it leaves, and the row
/// gets what the last one leaves, over exactly the row that the first was decided on. A save whose decision fails fails alone.
/// </summary>
internal sealed class SaveBatch(IReadOnlyList<SessionSave> saves, TouchQueue touches)
{
    private Row _after = Row.Absent;
    private long _version;

    public CacheKey Key => saves[0].Request.Key;

    /// <summary>The latest moment of the saves.</summary>
    public long Now => saves.Max(static save => save.Request.Now);

    /// <summary>Whether a decision that nothing needs writing holds for any row, so that the row need not be read.</summary>
    public bool NeedsNoRow => saves.All(static save => save.ChangesNothing || save.HasFailed);

    /// <summary>Decides on a row that was just read.</summary>
    public RowWrite? Decide(Row row) => DecideOn(row.With(touches.Unwritten(Key)));

    public RowWrite? DecideOn(Row row)
    {
        _version = RowWrite.NewVersion();
        _after = row;
        RowWrite? write = null;
        foreach (var save in saves)
        {
            if (save.Decide(row, _after, _version) is not { } decision)
                continue;

            write = write is null || decision.Write is null ? write ?? decision.Write : write.Then(decision.Write);
            _after = write?.Lifetime is { } lifetime ? decision.After with { Stored = lifetime, Effective = lifetime } : decision.After;
        }

        return write;
    }

    /// <summary>What was sent has certainly not been written.</summary>
    public void Refused()
    {
        foreach (var save in saves)
            save.Refused();
    }

    /// <summary>What was decided has taken effect.</summary>
    /// <returns>The row, if this batch has written it.</returns>
    public Row? Complete()
    {
        foreach (var save in saves)
            save.Complete(_after);

        return _after.Version == _version ? _after : null;
    }
}
