using System.Diagnostics;
using System.Text;

namespace SmartCache.Docs.Tests;

/// <summary>Runs the .NET SDK and the programs that it builds.</summary>
internal static class DotNet
{
    /// <summary>Runs <c>dotnet</c> and gives its output. Fails the test with this output if the exit code is not 0.</summary>
    public static Task<string> RunAsync(string folder, IReadOnlyList<string> arguments, Dictionary<string, string>? environment = null) =>
        RunAsync("dotnet", folder, arguments, environment);

    public static async Task<string> RunAsync(string program, string folder, IReadOnlyList<string> arguments, Dictionary<string, string>? environment = null)
    {
        using var process = new Process { StartInfo = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true } };

        // No compiler or build node outlives the test. What a test runner sets for its own build is not meant for this one.
        var variables = process.StartInfo.Environment;
        foreach (var inherited in variables.Keys.Where(static name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList())
            variables.Remove(inherited);
        foreach (var (name, value) in Quiet.Concat(environment ?? []))
            variables[name] = value;

        var output = new StringBuilder();
        process.OutputDataReceived += (_, line) => Append(output, line.Data);
        process.ErrorDataReceived += (_, line) => Append(output, line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await process.WaitForExitAsync(TestContext.CurrentContext.CancellationToken);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }

        Assert.That(process.ExitCode, Is.Zero, $"{program} {string.Join(' ', arguments)}\n{output}");
        return output.ToString();
    }

    private static readonly Dictionary<string, string> Quiet = new()
    {
        ["MSBUILDDISABLENODEREUSE"] = "1",
        ["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0",
        ["UseSharedCompilation"] = "false",
        ["DOTNET_NOLOGO"] = "1",
        ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
    };

    private static void Append(StringBuilder output, string? line)
    {
        // Both streams are read at the same time.
        lock (output)
            output.AppendLine(line);
    }
}

/// <summary>A folder outside the repository, whose build files would otherwise apply to what is in it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("smartcache-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
