using System.Runtime.InteropServices;

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

/// <summary>The app that several processes run: what its requests do, it must be told by address.</summary>
public static class NodeApp
{
    private static readonly ConcurrentDictionary<string, Meeting> Meetings = [];

    /// <summary>Starts it on a table of an engine's database, with the real clock.</summary>
    public static Task<WebApp> StartAsync(TestEngine engine, string connectionString, string table, ConcurrencyMode concurrency) => WebApp.StartAsync(
        services => engine.AddCache(services, options =>
        {
            options.ConnectionString = connectionString;
            options.TableName = table;
            options.Concurrency = concurrency;
        }),
        TimeProvider.System,
        new WebSetUp { Endpoints = Map });

    private static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.Map("/set/{name}/meeting/{meeting}/of/{size:int}", SetAsync);
        endpoints.Map("/names", context => context.Response.WriteAsync(string.Join('\n', context.Session.Keys)));
    }

    private static async Task SetAsync(HttpContext context)
    {
        var values = context.Request.RouteValues;
        var size = int.Parse((string)values["size"]!, CultureInfo.InvariantCulture);
        await context.Session.LoadAsync();
        await Meetings.GetOrAdd((string)values["meeting"]!, _ => new Meeting(size)).ArriveAsync();
        context.Session.SetString((string)values["name"]!, "here");
    }
}

/// <summary>Starts the program that is the second process of tests (<c>test/SmartCache.SecondProcess</c>), which lies beside each suite.</summary>
public static class NodeProgram
{
    private const string Name = "SmartCache.SecondProcess";

    public static string Dotnet => Path.GetFullPath(Path.Combine(
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

    public static Process Start(string verb, params IEnumerable<string> arguments) =>
        Launch([Path.Combine(AppContext.BaseDirectory, $"{Name}.dll"), verb, .. arguments]);

    private static Process Launch(IEnumerable<string> arguments) => Process.Start(new ProcessStartInfo(Dotnet, arguments)
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;
}
