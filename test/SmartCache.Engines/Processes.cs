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

/// <summary>
/// A small shell script that cleans up after this process. It reads orders from a pipe. The end of that pipe, which also comes
/// if this process is killed, is its order to remove everything and to end. A script must ignore SIGPIPE, because this process
/// may be gone.
/// </summary>
internal sealed class Guard : IAsyncDisposable
{
    /// <summary>Longer than a server takes to create its data folder on a busy machine.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly Process _process;
    private bool _closed;

    private Guard(Process process)
    {
        _process = process;
        AppDomain.CurrentDomain.ProcessExit += OnProcessExit;
    }

    public static Guard Open(string script, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        // A session of its own, and not a child of this process: neither Ctrl+C nor a runner that kills its test host's process
        // tree must end the guard early.
        string[] detach = OperatingSystem.IsLinux() ? ["setsid", "--fork"] : [];
        var process = new Process { StartInfo = ShellCommand.StartInfo([.. detach, "sh", "-c", script, "guard", .. arguments], environment) };
        ShellCommand.Start(process);
        return new Guard(process);
    }

    /// <summary>Gives an order and waits for the answer. After a cancellation, no further order can be given.</summary>
    public async Task<string> OrderAsync(string order, CancellationToken cancellationToken = default)
    {
        await _process.StandardInput.WriteAsync($"{order}\n".AsMemory(), cancellationToken);
        await _process.StandardInput.FlushAsync(cancellationToken);
        return await AnswerAsync(cancellationToken);
    }

    public async Task<string> AnswerAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            return await _process.StandardOutput.ReadLineAsync(cancellationToken).AsTask().WaitAsync(Patience, cancellationToken)
                ?? throw new EngineFailedException("The script that guards the server has ended.");
        }
        catch (TimeoutException exception)
        {
            throw new EngineFailedException($"The script that guards the server has not answered for {Patience}.", exception);
        }
    }

    /// <summary>Has the guard clean up, and waits for that.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_closed)
            return;

        _closed = true;
        AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;
        CloseInput();
        await _process.StandardOutput.ReadToEndAsync();
        _process.Dispose();
    }

    // So that everything is gone when this process is. The guard would otherwise do its work just after that.
    private void OnProcessExit(object? sender, EventArgs e)
    {
        try
        {
            CloseInput();
            _process.StandardOutput.ReadToEnd();
        }
        catch (InvalidOperationException)
        {
            // Another thread waits for an answer.
        }
    }

    private void CloseInput()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The guard has ended before.
        }
    }
}

/// <summary>The system's processes, including those of other parents.</summary>
internal static class ProcessTable
{
    /// <summary>Whether the process runs. A process that has ended and is not yet reaped does not.</summary>
    public static bool IsRunning(int processId) => Read(processId) is { State: not ("Z" or "X") };

    public static bool IsFrozen(int processId) => Read(processId) is not { State: not "T" };

    public static IReadOnlyList<int> ChildrenOf(int processId) =>
    [
        .. Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), out var id) ? id : 0)
            .Where(id => id != 0 && Read(id)?.Parent == processId),
    ];

    private static (string State, int Parent)? Read(int processId)
    {
        try
        {
            // "pid (name) state parent …", where the name may hold blanks and parentheses of its own.
            var status = File.ReadAllText($"/proc/{processId}/stat");
            var fields = status[(status.LastIndexOf(')') + 2)..].Split(' ');
            return (fields[0], int.Parse(fields[1], System.Globalization.CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            return null;
        }
    }
}
