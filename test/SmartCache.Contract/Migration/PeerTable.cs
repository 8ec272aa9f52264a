namespace SmartCache.Contract.Migration;

/// <summary>A table as another cache creates it, and how that cache writes a row into it.</summary>
public abstract class PeerTable
{
    /// <summary>The name its cache insists on; null if its users choose one.</summary>
    public virtual string? FixedName => null;

    /// <summary>Creates the table, for which <c>{0}</c> stands.</summary>
    public abstract string Create { get; }

    /// <summary>Inserts a row with <c>@key</c> and <c>@value</c>; the table is <c>{0}</c>, expiry, window and absolute expiry <c>{1} {2} {3}</c>.</summary>
    public abstract string Insert { get; }

    /// <summary>Whether the table knows an absolute expiry beside the sliding one.</summary>
    public virtual bool HasAbsolute => true;

    /// <summary>What a row without an expiry means there; null if there can be none.</summary>
    public virtual bool? NullNeverExpires => null;

    /// <summary>The description under test.</summary>
    public abstract LegacyTable Describe(string table);

    /// <summary>A moment as the cache writes it.</summary>
    public abstract string Moment(DateTimeOffset moment);

    /// <summary>A sliding window as the cache writes it.</summary>
    public abstract string Span(TimeSpan span);

    protected static string Text(DateTimeOffset moment, string end = "") =>
        $"'{moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture)}{end}'";

    protected static string Number(double number) => number.ToString("R", CultureInfo.InvariantCulture);
}
