namespace SmartCache.Sweeping;

/// <summary>
/// Walks once over all CRCs, slice by slice. A slice grows while statements are quick and find little to remove, so that a small
/// table takes few statements. It shrinks if one takes long or removes a whole batch, so that none holds up the database.
/// </summary>
/// <param name="width">How many CRCs the first slice has.</param>
/// <param name="batchSize">How many rows a statement removes at most.</param>
internal sealed class SweepWalk(long width, int batchSize)
{
    /// <summary>A small part, for a table of unknown size.</summary>
    public const long FirstWidth = All / 64;

    /// <summary>So that a sweep ends even if every statement takes long.</summary>
    private const long Narrowest = All / 16_384;

    private const long All = 1L << 32;
    private static readonly TimeSpan Quick = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(80);

    /// <summary>How many CRCs the next slice has.</summary>
    public long Width { get; private set; } = width;

    public bool IsDone => From >= All;

    public long From { get; private set; }

    public long To => Math.Min(From + Width, All) - 1;

    /// <summary>Goes on after a statement about the slice from <see cref="From"/> to <see cref="To"/>.</summary>
    public void Next(int removed, TimeSpan took)
    {
        var isFull = removed >= batchSize;
        if (!isFull)
        {
            From = To + 1;
        }

        if (isFull || took > Slow)
        {
            Width = Math.Max(Width / 2, Narrowest);
        }
        else if (took < Quick && removed <= batchSize / 2)
        {
            Width = Math.Min(Width * 2, All);
        }
    }
}
