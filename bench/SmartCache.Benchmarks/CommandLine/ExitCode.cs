namespace SmartCache.Benchmarks.CommandLine;

/// <summary>How the program ends.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>Something that was measured did not do its work, or could not be measured.</summary>
    public const int Failed = 1;

    public const int BadArguments = 2;

    /// <summary>As shells count a program that Ctrl-C ended.</summary>
    public const int Stopped = 130;
}
