using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;
using SmartCache.Contract.Web.Processes;
using SmartCache.Engines;

namespace SmartCache.QuickStart.Tests;

/// <summary>The sample as a process of its own, with its data in a temporary folder. It can be killed and started again.</summary>
internal sealed partial class Site : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("quickstart-");
    private readonly string[] _settings;
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _awaited = new();
    private Process? _process;

    private Site(string[] settings) => _settings = settings;

    /// <summary>Stays the same after a restart.</summary>
    public string Url { get; private set; } = "http://127.0.0.1:0";

    public static Task<Site> StartAsync(params string[] settings) => new Site(settings).StartedAsync(static site => site.StartAsync());

    /// <summary>Runs the sample with settings that it refuses, and returns its exit code and what it says.</summary>
    public static async Task<(int ExitCode, string Errors)> RefuseAsync(params string[] settings)
    {
        await using var site = new Site(settings);
        using var process = site.Launch();
        _ = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync().WaitAsync(Patience);
        await process.WaitForExitAsync().WaitAsync(Patience);
        return (process.ExitCode, errors);
    }

    public async Task StartAsync()
    {
        var address = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var said = new ConcurrentQueue<string>();
        var process = _process = Launch();
        _ = ReadAsync(process.StandardOutput);
        _ = ReadAsync(process.StandardError);
        var first = await Task.WhenAny(address.Task, process.WaitForExitAsync()).WaitAsync(Patience);
        Url = first == address.Task ? await address.Task : throw new InvalidOperationException($"The sample ended with {process.ExitCode}: {string.Join('\n', said)}");

        async Task ReadAsync(StreamReader reader)
        {
            while (await reader.ReadLineAsync() is { } line)
            {
                said.Enqueue(line);
                if (Listening().Match(line) is { Success: true } match)
                    address.TrySetResult(match.Groups[1].Value);

                foreach (var (text, seen) in _awaited)
                {
                    if (line.Contains(text, StringComparison.Ordinal))
                        seen.TrySetResult();
                }
            }
        }
    }

    /// <summary>Returns a task that ends when the sample logs the text from now on.</summary>
    public Task LogsAsync(string text) =>
        (_awaited[text] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task.WaitAsync(Patience);

    /// <summary>Kills the process, as a crash of the machine would (SIGKILL).</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync().WaitAsync(Patience);
        _process.Dispose();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await KillAsync();

        _data.Delete(recursive: true);
    }

    private Process Launch()
    {
        // Built in the same configuration as the tests, which lie in bin/<configuration>/<framework>.
        var tests = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        var root = tests.Parent!.Parent!.Parent!.Parent!.Parent!.FullName;
        var sample = Path.Combine(root, "samples", "QuickStart");
        var program = Path.Combine(sample, "bin", tests.Parent.Name, tests.Name, "QuickStart.dll");
        return Process.Start(new ProcessStartInfo(NodeProgram.Dotnet, [program, $"--Urls={Url}", $"--DataFolder={_data.FullName}", .. _settings])
        {
            WorkingDirectory = sample,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
    }

    [GeneratedRegex(@"Now listening on: (http\S+)")]
    private static partial Regex Listening();
}
