namespace SmartCache.Benchmarks.Growth.Tables;

/// <summary>A table of one layout and size.</summary>
internal sealed class GrowthTable(Layout layout, long rows)
{
    private long _inserted;
    private long _removed;

    public Layout Layout { get; } = layout;

    public long Rows { get; } = rows;

    public string Name { get; } = $"growth_{layout.Name.Replace('-', '_')}_{rows}";

    /// <summary>The number of a key to insert.</summary>
    public long NextNew() => NumberedKeys.New + Interlocked.Increment(ref _inserted);

    /// <summary>The number of a key that was inserted and is to go; null when all are gone.</summary>
    public long? NextToRemove()
    {
        var number = Interlocked.Increment(ref _removed);
        return number <= Interlocked.Read(ref _inserted) ? NumberedKeys.New + number : null;
    }

    /// <summary>Notes that all inserted rows are gone.</summary>
    public void ForgetRemoved() => _removed = _inserted;
}
