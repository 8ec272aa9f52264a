using System.Diagnostics;

namespace SmartCache.Engines;

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
