namespace SmartCache.Engines.Processes;

/// <summary>The end of a long text, where a program says why it failed.</summary>
internal static class LastLines
{
    private const int Count = 30;

    public static string Of(string text) => string.Join('\n', text.TrimEnd().Split('\n').TakeLast(Count));
}
