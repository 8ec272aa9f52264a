namespace RaceLab.CommandLine;

/// <summary>How the program ends.</summary>
internal static class ExitCode
{
    /// <summary>The race showed what it is there to show; or there was none, and nothing went wrong.</summary>
    public const int Proven = 0;

    public const int NotProven = 1;

    public const int BadArguments = 2;

    /// <summary>As shells count a program that Ctrl-C ended.</summary>
    public const int Stopped = 130;
}
