using System.Globalization;

namespace SmartCache.Rows.Migration;

/// <summary>A row of the old table, with its expiry in the terms of this cache.</summary>
internal sealed record LegacyRow(byte[] Value, Lifetime Lifetime)
{
    /// <summary>The end of the year 9999, where .NET's calendar ends.</summary>
    private const long Never = 253_402_300_799_999;

    /// <summary>The row that <see cref="LegacyStatements"/> selects; null if it has no value or no expiry.</summary>
    public static LegacyRow? From(DbDataReader row, LegacyTable legacy)
    {
        var expires = Moment(row, 1, legacy.ExpiresAtStoredAs) ?? (legacy.NullNeverExpires ? Never : null);
        if (row.IsDBNull(0) || expires is null)
            return null;

        var absolute = Moment(row, 3, legacy.AbsoluteStoredAs);
        var sliding = Span(row, 2, legacy.SlidingStoredAs);
        return new LegacyRow(row.GetFieldValue<byte[]>(0), new Lifetime(Math.Min(expires.Value, absolute ?? long.MaxValue), sliding, absolute));
    }

    private static long? Moment(DbDataReader row, int column, LegacyTime storedAs) => Number(row, column) is { } number
        ? Clamp(decimal.Floor(storedAs switch
        {
            LegacyTime.UnixSeconds => number * 1000,
            LegacyTime.Ticks => (number - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMillisecond,
            _ => number,
        }))
        : null;

    /// <summary>A window shorter than a millisecond is still a window; 0 is none.</summary>
    private static long? Span(DbDataReader row, int column, LegacySpan storedAs) => Number(row, column) is { } number and > 0
        ? Clamp(decimal.Ceiling(storedAs switch
        {
            LegacySpan.Seconds => number * 1000,
            LegacySpan.Ticks => number / TimeSpan.TicksPerMillisecond,
            _ => number,
        }))
        : null;

    private static decimal? Number(DbDataReader row, int column) =>
        row.IsDBNull(column) ? null : Convert.ToDecimal(row.GetValue(column), CultureInfo.InvariantCulture);

    private static long Clamp(decimal milliseconds) => (long)Math.Clamp(milliseconds, 0, Never);
}
