using System.Globalization;

namespace SmartCache.Benchmarks.CommandLine;

/// <summary>Takes a command line apart, as <c>--name=value</c>, <c>--name value</c> or <c>--name</c>.</summary>
internal static class Options
{
    public static IEnumerable<(string Name, string? Value)> Read(IReadOnlyList<string> args)
    {
        for (var i = 0; i < args.Count; i++)
        {
            var parts = args[i].Split('=', 2);
            if (!IsName(parts[0]))
            {
                throw new UsageException($"{args[i]} is not an option.");
            }

            var hasOwnValue = parts.Length == 1 && i + 1 < args.Count && !IsName(args[i + 1]);
            yield return (parts[0], hasOwnValue ? args[++i] : parts.ElementAtOrDefault(1));
        }
    }

    public static bool IsFlag(string name, string? value) =>
        value is null ? true : throw new UsageException($"{name} takes no value.");

    public static string Text(string name, string? value) =>
        value is { Length: > 0 } ? value : throw new UsageException($"{name} needs a value.");

    public static IReadOnlyList<TItem> List<TItem>(string name, string? value, Func<string, string, TItem> parse) =>
        [.. Text(name, value).Split(',', StringSplitOptions.TrimEntries).Select(item => parse(name, item)).Distinct()];

    public static int Whole(string name, string? value, int min, int max)
    {
        var text = Text(name, value);
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? number
            : throw new UsageException($"{name} takes whole numbers from {min} to {max}, not '{text}'.");
    }

    public static double Seconds(string name, string? value, double min)
    {
        var text = Text(name, value);
        return double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number >= min && number <= 3_600
            ? number
            : throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"{name} takes seconds from {min} to 3600, not '{text}'."));
    }

    public static int Bytes(string name, string value)
    {
        const int Min = 512;
        const int Max = 1024 * 1024;
        var isKilo = value.EndsWith("k", StringComparison.OrdinalIgnoreCase);
        return int.TryParse(isKilo ? value[..^1] : value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && (long)number * (isKilo ? 1024 : 1) is >= Min and <= Max and var bytes
            ? (int)bytes
            : throw new UsageException($"{name} takes sizes from {Min} bytes to {Max / 1024}k, not '{value}'.");
    }

    /// <summary>A number of rows: 10k is ten thousand, 10m ten million.</summary>
    public static long Rows(string name, string value, long min, long max)
    {
        var (digits, unit) = value.Length > 1 && char.ToLowerInvariant(value[^1]) is var last and ('k' or 'm')
            ? (value[..^1], last == 'k' ? 1_000 : 1_000_000)
            : (value, 1);
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && (long)number * unit is var rows && rows >= min && rows <= max
            ? rows
            : throw new UsageException($"{name} takes numbers of rows from {min} to {max}, such as 10k or 1m, not '{value}'.");
    }

    private static bool IsName(string text) => text.StartsWith("--", StringComparison.Ordinal);
}
