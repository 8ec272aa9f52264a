using System.Diagnostics;
using SmartCache.Contract.Engines;
using SmartCache.Contract.Web.Hosting;

namespace SmartCache.Contract.Web.Processes;

/// <summary>The app in a process of its own.</summary>
public sealed class NodeProcess : IAsyncDisposable
{
    private const string Program = "SmartCache.WebNode";

    private readonly Process _process;

    private NodeProcess(Process process, Uri address) => (_process, Address) = (process, address);

    public Uri Address { get; }

    public static async Task<NodeProcess> StartAsync(TestEngine engine, string table, ConcurrencyMode concurrency)
    {
        // The engine is a class of the assembly under test, so the program runs on that assembly's dependencies.
        var tests = Path.ChangeExtension(engine.GetType().Assembly.Location, null);
        var program = Path.Combine(Path.GetDirectoryName(tests)!, Program);
        var start = new ProcessStartInfo(Environment.ProcessPath!.EndsWith("dotnet", StringComparison.Ordinal) ? Environment.ProcessPath : "dotnet")
        {
            ArgumentList =
            {
                "exec", "--depsfile", $"{tests}.deps.json", "--runtimeconfig", $"{program}.runtimeconfig.json", $"{program}.dll",
                engine.GetType().AssemblyQualifiedName!, engine.ConnectionString, table, $"{concurrency}",
            },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var address = await process.StandardOutput.ReadLineAsync().WaitAsync(Patience.Limit);
        return address is null
            ? throw new InvalidOperationException($"{Program} did not start: {await errors}")
            : new NodeProcess(process, new Uri(address));
    }

    public async ValueTask DisposeAsync()
    {
        using (_process)
        {
            try
            {
                // It ends when nobody holds the other end of its input any more, so also with a test run that was killed.
                _process.StandardInput.Close();
                await _process.WaitForExitAsync().WaitAsync(Patience.Limit);
            }
            catch (TimeoutException)
            {
                _process.Kill();
                throw;
            }
        }
    }
}
