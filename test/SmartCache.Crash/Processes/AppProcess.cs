using System.Diagnostics;
using System.Runtime.InteropServices;
using SmartCache.CrashNode;

namespace SmartCache.Crash.Processes;

/// <summary>One process of the app.</summary>
internal sealed class AppProcess : IAsyncDisposable
{
    /// <summary>Longer than a request may take whose database does not answer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly Task<string> _errors;
    private readonly Task _reading;
    private readonly Lock _lock = new();
    private TaskCompletionSource? _awaited;
    private bool _isKilled;

    private AppProcess(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
        _reading = ReadAsync();
    }

    public static AppProcess Start(NodeArguments arguments)
    {
        var program = typeof(NodeArguments).Assembly.Location;
        return new AppProcess(Process.Start(new ProcessStartInfo(Dotnet, [program, .. arguments.ToList()])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!);
    }

    /// <summary>Waits for a store that it is told has happened from now on.</summary>
    /// <returns>How long that took.</returns>
    public async Task<TimeSpan> UntilStoredAsync(TimeSpan limit)
    {
        var begin = Stopwatch.GetTimestamp();
        Task stored;
        lock (_lock)
        {
            stored = (_awaited ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }

        var first = await Task.WhenAny(stored, _reading, Task.Delay(limit));
        if (first == _reading)
        {
            throw new InvalidOperationException($"A process of the app has ended by itself: {await _errors}");
        }

        return first == stored ? Stopwatch.GetElapsedTime(begin) : throw new TimeoutException($"No store has succeeded for {limit.TotalSeconds} s.");
    }

    /// <summary>Ends it as the machine's end would (SIGKILL).</summary>
    public async Task KillAsync()
    {
        _isKilled = true;
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Lets it finish its requests, and waits until it has.</summary>
    public async Task StopAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync().WaitAsync(Patience);
        if (_process.ExitCode != 0 && !_isKilled)
        {
            throw new InvalidOperationException($"A process of the app ended with {_process.ExitCode}: {await _errors}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        await _reading;
        _process.Dispose();
    }

    /// <summary>The dotnet that runs this.</summary>
    private static string Dotnet => Path.GetFullPath(Path.Combine(
        RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is not null)
        {
            lock (_lock)
            {
                _awaited?.SetResult();
                _awaited = null;
            }
        }
    }
}
