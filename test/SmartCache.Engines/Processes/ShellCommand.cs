using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace SmartCache.Engines;

/// <summary>Runs a program and waits for its end.</summary>
internal static class ShellCommand
{
    public static async Task<CommandResult> RunAsync(
        IEnumerable<string> command,
        CancellationToken cancellationToken,
        string input = "",
        IReadOnlyDictionary<string, string>? environment = null)
    {
        var words = command.ToList();
        var output = new StringBuilder();
        using var process = new Process { StartInfo = StartInfo(words, environment) };
        process.StartInfo.RedirectStandardError = true;
        process.OutputDataReceived += (_, line) => Append(output, line.Data);
        process.ErrorDataReceived += (_, line) => Append(output, line.Data);
        Start(process);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await process.StandardInput.WriteAsync(input.AsMemory(), cancellationToken);
            process.StandardInput.Close();
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return new CommandResult(string.Join(' ', words), process.ExitCode, output.ToString());
    }

    /// <summary>Describes a process with redirected streams, messages in English, and a folder that every user can enter.</summary>
    public static ProcessStartInfo StartInfo(IReadOnlyList<string> command, IReadOnlyDictionary<string, string>? environment)
    {
        var info = new ProcessStartInfo(command[0], command.Skip(1))
        {
            WorkingDirectory = Path.GetPathRoot(Environment.CurrentDirectory),
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        info.Environment["LC_ALL"] = "C";
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            info.Environment[name] = value;
        return info;
    }

    public static void Start(Process process)
    {
        try
        {
            process.Start();
        }
        catch (Win32Exception exception)
        {
            throw new EngineFailedException($"`{process.StartInfo.FileName}` cannot be started: {exception.Message}", exception);
        }
    }

    private static void Append(StringBuilder output, string? line)
    {
        if (line is null)
            return;

        // Both streams are read at the same time.
        lock (output)
            output.Append(line).Append('\n');
    }
}

/// <summary>A program's exit code and output.</summary>
internal sealed record CommandResult(string CommandLine, int ExitCode, string Output)
{
    public CommandResult ThrowIfFailed() => ExitCode == 0
        ? this
        : throw new EngineFailedException($"`{CommandLine}` failed with exit code {ExitCode}. It said last:\n{LastLines.Of(Output)}");
}

/// <summary>The end of a long text, where a program usually says why it failed.</summary>
internal static class LastLines
{
    private const int Count = 30;

    public static string Of(string text) => string.Join('\n', text.TrimEnd().Split('\n').TakeLast(Count));
}

/// <summary>Writes words so that a POSIX shell reads them unchanged.</summary>
internal static class Shell
{
    public static string Quote(string word) => $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    public static string Quote(IEnumerable<string> words) => string.Join(' ', words.Select(Quote));
}
