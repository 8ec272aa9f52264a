namespace SmartCache.Engines.Processes;

/// <summary>How a program ended, and all it printed.</summary>
internal sealed record CommandResult(string CommandLine, int ExitCode, string Output)
{
    public CommandResult ThrowIfFailed() => ExitCode == 0
        ? this
        : throw new EngineFailedException($"`{CommandLine}` failed with exit code {ExitCode}. It said last:\n{LastLines.Of(Output)}");
}
