using System.Text.Json;

namespace SmartCache.Contract.Programs;

/// <summary>A program in Python that sets entries of a session: it has read the session when it is there, and writes when told to.</summary>
public sealed class OtherProgram : IAsyncDisposable
{
    private const string Script = "other_program.py";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly Task<string> _errors;

    private OtherProgram(Process process) => (_process, _errors) = (process, process.StandardError.ReadToEndAsync());

    public static async Task<OtherProgram> ReadAsync(TestEngine engine, RawTable table, string key, IReadOnlyDictionary<string, object> changes)
    {
        var client = engine.Client;
        var python = await ClientProgram.FindAsync("python3", "python3");
        IEnumerable<string> command = client.Program is null ? client.Arguments : [await ClientProgram.FindAsync(client.Program, client.Packages!), .. client.Arguments];
        var start = new ProcessStartInfo(python, ["-c", ScriptText(), client.Dialect, engine.Quote(table.Name), key, JsonSerializer.Serialize(changes), .. command])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in client.Environment)
            start.Environment[name] = value;

        var program = new OtherProgram(Process.Start(start)!);
        Assert.That(await program.SaysAsync(), Is.EqualTo("read"));
        return program;
    }

    /// <summary>Lets it write, and gives what it says then.</summary>
    public async Task<string> WriteAsync()
    {
        await _process.StandardInput.WriteLineAsync();
        await _process.StandardInput.FlushAsync();
        return await SaysAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.StandardInput.Close();
            await _process.WaitForExitAsync().WaitAsync(Patience);
        }

        _process.Dispose();
    }

    private async Task<string> SaysAsync() =>
        await _process.StandardOutput.ReadLineAsync().WaitAsync(Patience) ?? throw new AssertionException($"The program failed: {await _errors}");

    private static string ScriptText()
    {
        using var reader = new StreamReader(typeof(OtherProgram).Assembly.GetManifestResourceStream(Script)!);
        return reader.ReadToEnd();
    }
}
