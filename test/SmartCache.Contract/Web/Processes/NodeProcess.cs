namespace SmartCache.Contract.Web.Processes;

/// <summary>The app in a process of its own.</summary>
public sealed class NodeProcess : IAsyncDisposable
{
    private readonly Process _process;

    private NodeProcess(Process process, Uri address) => (_process, Address) = (process, address);

    public Uri Address { get; }

    public static async Task<NodeProcess> StartAsync(TestEngine engine, string table, ConcurrencyMode concurrency)
    {
        var process = NodeProgram.Start("web", engine, engine.ConnectionString, table, $"{concurrency}");
        var errors = process.StandardError.ReadToEndAsync();
        var address = await process.StandardOutput.ReadLineAsync().WaitAsync(Patience.Limit);
        return address is null
            ? throw new InvalidOperationException($"The second process did not start: {await errors}")
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
