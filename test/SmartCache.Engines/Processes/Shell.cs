namespace SmartCache.Engines.Processes;

/// <summary>Writes words so that a POSIX shell reads them unchanged.</summary>
internal static class Shell
{
    public static string Quote(string word) => $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    public static string Quote(IEnumerable<string> words) => string.Join(' ', words.Select(Quote));
}
