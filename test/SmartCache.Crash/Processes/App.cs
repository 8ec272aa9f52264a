using SmartCache.Crash.Engines;
using SmartCache.CrashNode;

namespace SmartCache.Crash.Processes;

/// <summary>The app: several processes at once, each of which may be replaced by a new one.</summary>
internal sealed class App(CrashEngine engine, string journals, int processes, int workers) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(240);

    private readonly string _run = $"{Guid.NewGuid()}";
    private readonly AppProcess?[] _processes = new AppProcess?[processes];
    private readonly List<AppProcess> _all = [];

    public void Start()
    {
        for (var number = 0; number < processes; number++)
        {
            Start(number);
        }
    }

    /// <summary>Starts a process in a place where there is none any more.</summary>
    public void Start(int number)
    {
        // One process logs out. All modes have to get along with each other.
        var process = AppProcess.Start(new NodeArguments(
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

    /// <summary>Waits until every process has stored something from now on.</summary>
    /// <returns>How long the last one took.</returns>
    public async Task<TimeSpan> UntilAllStoreAsync() =>
        (await Task.WhenAll(_processes.Select(process => process!.UntilStoredAsync(Patience)))).Max();

    public Task StopAsync() => Task.WhenAll(_processes.Select(process => process!.StopAsync()));

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _all)
        {
            await process.DisposeAsync();
        }
    }
}
