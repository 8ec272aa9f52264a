using System.Runtime.InteropServices;

namespace SmartCache.Contract.Web.Processes;

/// <summary>Starts the program that is the second process of tests (<c>test/SmartCache.SecondProcess</c>), which lies beside each suite.</summary>
public static class NodeProgram
{
    private const string Name = "SmartCache.SecondProcess";

    /// <summary>The dotnet that runs this.</summary>
    private static string Dotnet => Path.GetFullPath(Path.Combine(
        RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));

    /// <summary>Starts it with a verb for an engine, which is a class of the assembly under test: it runs on that assembly's dependencies.</summary>
    public static Process Start(string verb, TestEngine engine, params IEnumerable<string> arguments)
    {
        var tests = Path.ChangeExtension(engine.GetType().Assembly.Location, null);
        var program = Path.Combine(Path.GetDirectoryName(tests)!, Name);
        return Launch(
        [
            "exec", "--depsfile", $"{tests}.deps.json", "--runtimeconfig", $"{program}.runtimeconfig.json", $"{program}.dll",
            verb, engine.GetType().AssemblyQualifiedName!, .. arguments,
        ]);
    }

    /// <summary>Starts it with a verb that needs no suite.</summary>
    public static Process Start(string verb, params IEnumerable<string> arguments) =>
        Launch([Path.Combine(AppContext.BaseDirectory, $"{Name}.dll"), verb, .. arguments]);

    private static Process Launch(IEnumerable<string> arguments) => Process.Start(new ProcessStartInfo(Dotnet, arguments)
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;
}
