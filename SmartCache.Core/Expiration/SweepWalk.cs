namespace SmartCache.Expiration;

/// <summary>
/// Walks once over all crcs, piece by piece. A piece grows while statements are quick and find little to remove, so
/// that a small table takes a few statements; it shrinks where one takes long or removes a whole batch, so that none
/// holds the database up and what has been passed is not looked at again and again.
/// </summary>
/// <param name="width">How many crcs the first piece has.</param>
/// <param name="batchSize">How many rows a statement removes at most.</param>
internal sealed class SweepWalk(long width, int batchSize)
{
    /// <summary>A small part of all, for a table nothing is known of yet.</summary>
    public const long FirstWidth = All / 64;

    /// <summary>A pass ends even where everything takes long: a ten-thousandth of a large table is soon looked through.</summary>
    private const long Narrowest = All / 16_384;

    private const long All = 1L << 32;
    private static readonly TimeSpan Quick = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(80);

    /// <summary>How many crcs the next piece has.</summary>
    public long Width { get; private set; } = width;

    public bool IsDone => From >= All;

    public long From { get; private set; }

    public long To => Math.Min(From + Width, All) - 1;

    /// <summary>Goes on after a statement about the piece from <see cref="From"/> to <see cref="To"/>.</summary>
    public void Next(int removed, TimeSpan took)
    {
        if (removed >= batchSize)
        {
            Width = Math.Max(Width / 2, Narrowest);
            return;
        }

        From = To + 1;
        if (took > Slow)
        {
            Width = Math.Max(Width / 2, Narrowest);
        }
        else if (took < Quick && removed <= batchSize / 2)
        {
            Width = Math.Min(Width * 2, All);
        }
    }
}
