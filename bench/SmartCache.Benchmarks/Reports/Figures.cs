using System.Globalization;

namespace SmartCache.Benchmarks.Reports;

/// <summary>How numbers and names are written, and medians taken.</summary>
internal static class Figures
{
    public static string Whole(double number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>Three digits that say something, whatever the size.</summary>
    public static string Number(double number) => number switch
    {
        0 => "0",
        < 0.0001 => "<0.0001",
        < 0.1 => number.ToString("0.0000", CultureInfo.InvariantCulture),
        < 10 => number.ToString("0.00", CultureInfo.InvariantCulture),
        _ => number.ToString("N0", CultureInfo.InvariantCulture),
    };

    public static string Share(double? share) => share?.ToString("0 %", CultureInfo.InvariantCulture) ?? "";

    public static string Megabytes(double bytes) => (bytes / 1e6).ToString("#,0.0", CultureInfo.InvariantCulture);

    public static string NameOf<TEnum>(TEnum value)
        where TEnum : struct, Enum => value.ToString().ToLowerInvariant();

    public static double Median(IEnumerable<double> numbers)
    {
        var sorted = numbers.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }
}
