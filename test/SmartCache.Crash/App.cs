using System.Diagnostics;
using System.Text.Json;
using SmartCache.Contract.Web.Processes;
using SmartCache.SecondProcess.Crashing;

namespace SmartCache.Crash;

/// <summary>The app: several processes at the same time, each of which can be replaced by a new one.</summary>
internal sealed class App(CrashEngine engine, string journals, int processes, int workers) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(240);

    private readonly string _run = $"{Guid.NewGuid()}";
    private readonly AppProcess?[] _processes = new AppProcess?[processes];
    private readonly List<AppProcess> _all = [];

    public void Start()
    {
        for (var number = 0; number < processes; number++)
            Start(number);
    }

    /// <summary>Starts a process in the place of one that has ended.</summary>
    public void Start(int number)
    {
        // One process logs out. The concurrency modes must work side by side.
        var process = AppProcess.Start(new CrashArguments(
            engine.Name,
            engine.ConnectionStringOf(number),
            _run,
            $"{(char)('a' + number)}{_all.Count}",
            journals,
            workers,
            LogsOut: number == 0,
            number % 2 == 0 ? ConcurrencyMode.Optimistic : ConcurrencyMode.Pessimistic));
        _processes[number] = process;
        _all.Add(process);
    }

    public Task KillAsync(int number) => _processes[number]!.KillAsync();

    /// <summary>Waits until every process has saved something from now on, and returns how long the last one took.</summary>
    public async Task<TimeSpan> UntilAllSaveAsync() =>
        (await Task.WhenAll(_processes.Select(process => process!.UntilSavedAsync(Patience)))).Max();

    public Task StopAsync() => Task.WhenAll(_processes.Select(process => process!.StopAsync()));

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _all)
            await process.DisposeAsync();
    }
}

/// <summary>One process of the app.</summary>
internal sealed class AppProcess : IAsyncDisposable
{
    /// <summary>Longer than a request can take if its database does not answer.</summary>
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

    public static AppProcess Start(CrashArguments arguments) => new(NodeProgram.Start("crash", [JsonSerializer.Serialize(arguments)]));

    /// <summary>Waits for a save that it is told has happened from now on, and returns how long that took.</summary>
    public async Task<TimeSpan> UntilSavedAsync(TimeSpan limit)
    {
        var begin = Stopwatch.GetTimestamp();
        Task saved;
        lock (_lock)
        {
            saved = (_awaited ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }

        var first = await Task.WhenAny(saved, _reading, Task.Delay(limit));
        if (first == _reading)
            throw new InvalidOperationException($"A process of the app has ended by itself: {await _errors}");

        return first == saved ? Stopwatch.GetElapsedTime(begin) : throw new TimeoutException($"No save has succeeded for {limit.TotalSeconds} s.");
    }

    /// <summary>Kills it, as a crash of the machine would (SIGKILL).</summary>
    public async Task KillAsync()
    {
        _isKilled = true;
        _process.Kill();
        await _process.WaitForExitAsync().WaitAsync(Patience);
    }

    /// <summary>Lets it finish its requests, and waits until it has.</summary>
    public async Task StopAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync().WaitAsync(Patience);
        if (_process.ExitCode != 0 && !_isKilled)
            throw new InvalidOperationException($"A process of the app ended with {_process.ExitCode}: {await _errors}");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();

        await _reading;
        _process.Dispose();
    }

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
