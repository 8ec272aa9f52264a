using System.Diagnostics;
using System.Net;
using System.Reflection;
using System.Text.RegularExpressions;
using SmartCache.Contract;
using SmartCache.Engines;

namespace SmartCache.Docs.Tests;

/// <summary>New apps (Consumers) that install the packed packages and nothing of the repository.</summary>
[CancelAfter(600_000)]
public sealed partial class ConsumerTests
{
    private static string PackageRoot { get; } = typeof(ConsumerTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(static data => data.Key == "NuGetPackageRoot").Value!;

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void CreateFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [TestCase("sqlite", "Sqlite")]
    [TestCase("postgres", "Postgres", Category = NightlyAttribute.Mark)]
    [TestCase("mariadb", "MySql", Category = NightlyAttribute.Mark)]
    public async Task A_web_app_a_worker_and_a_console_program_find_after_a_restart_what_they_stored(string engine, string package)
    {
        Create(package);
        await DotNet.RunAsync(_folder.Path, ["build", "Consumers.slnx", "--nologo", "-warnaserror", .. Properties], Isolated);
        await using var database = await Database.StartAsync(engine);

        foreach (var program in (string[])["Console", "Worker"])
        {
            Assert.That(await RunAsync(program, database), Does.Contain("visit 1"), program);
            Assert.That(await RunAsync(program, database), Does.Contain("visit 2"), program);
        }

        var client = new CookieContainer();
        Assert.That(await VisitAsync("dotnet", ["bin/Debug/net10.0/Web.dll"], database, client), Is.EqualTo("visit 1"));
        Assert.That(await VisitAsync("dotnet", ["bin/Debug/net10.0/Web.dll"], database, client), Is.EqualTo("visit 2"));
    }

    [Test]
    public async Task The_installed_assembly_is_the_packed_one()
    {
        Create("Sqlite");
        await DotNet.RunAsync(_folder.Path, ["restore", "Console", .. Properties], Isolated);

        var installed = Path.Combine(_folder.Path, "packages", "smartcache.core", PackedPackages.Version.ToLowerInvariant(), "lib", "net10.0", "SmartCache.Core.dll");
        Assert.That(await File.ReadAllBytesAsync(installed), Is.EqualTo(PackageTests.Entry("SmartCache.Core", "lib/net10.0/SmartCache.Core.dll")));
    }

    [Test]
    [Nightly]
    [Category("Aot")]
    public async Task A_native_web_app_is_published_without_a_warning_and_runs()
    {
        await ClientProgram.FindAsync("gcc", "gcc libc6-dev zlib1g-dev");
        Create("Sqlite", isCompilerMissing: true);
        var native = Path.Combine(_folder.Path, "native");
        await DotNet.RunAsync(
            _folder.Path,
            ["publish", "Web", "--nologo", "-warnaserror", "--output", native, "-property:PublishAot=true", "-property:InvariantGlobalization=true", "-property:TrimmerSingleWarn=false", .. Properties],
            Isolated);
        await using var database = await Database.StartAsync("sqlite");
        var program = Path.Combine(native, "Web");
        var client = new CookieContainer();
        Assert.That(await VisitAsync(program, [], database, client), Is.EqualTo("visit 1"));

        var clock = Stopwatch.StartNew();
        Assert.That(await VisitAsync(program, [], database, client), Is.EqualTo("visit 2"));
        var bytes = Directory.GetFiles(native).Where(static file => Path.GetExtension(file) is "" or ".so").Sum(static file => new FileInfo(file).Length);
        await TestContext.Progress.WriteLineAsync($"Native web app: {bytes / 1024d / 1024:F1} MiB, first response after {clock.ElapsedMilliseconds} ms.");
    }

    private static IEnumerable<string> Properties => [$"-property:SmartCacheVersion={PackedPackages.Version}"];

    /// <summary>A package folder of its own: the machine's could have an older package of the same version.</summary>
    private Dictionary<string, string> Isolated => new() { ["NUGET_PACKAGES"] = Path.Combine(_folder.Path, "packages") };

    /// <summary>
    /// Copies the apps and lets them use one database's package. SmartCache comes from the packed packages; the rest is already on
    /// the machine, because the repository was restored, so nothing is downloaded.
    /// </summary>
    private void Create(string package, bool isCompilerMissing = false)
    {
        var consumers = Path.Combine(Repository.Root, "test", "SmartCache.Docs.Tests", "Consumers");
        foreach (var file in Directory.GetFiles(consumers, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(_folder.Path, Path.GetRelativePath(consumers, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.WriteAllText(copy, File.ReadAllText(file).Replace("Sqlite", package, StringComparison.Ordinal));
        }

        // The compiler of native programs comes from the sources of the machine.
        var sources = isCompilerMissing
            ? $"""<packageSources><add key="packed" value="{PackedPackages.Folder}" /></packageSources>"""
            : $"""
              <packageSources>
                <clear />
                <add key="packed" value="{PackedPackages.Folder}" />
                <add key="machine" value="{PackageRoot}" />
              </packageSources>
              <packageSourceMapping>
                <clear />
                <packageSource key="packed"><package pattern="SmartCache.*" /></packageSource>
                <packageSource key="machine"><package pattern="*" /></packageSource>
              </packageSourceMapping>
              """;
        File.WriteAllText(Path.Combine(_folder.Path, "NuGet.config"), $"<configuration>{sources}</configuration>");
    }

    private Task<string> RunAsync(string program, Database database) =>
        DotNet.RunAsync(Path.Combine(_folder.Path, program), [$"bin/Debug/net10.0/{program}.dll"], new() { ["CONNECTION"] = database.ConnectionString });

    /// <summary>Starts the web app, sends one request, and kills the app.</summary>
    private async Task<string> VisitAsync(string program, IEnumerable<string> arguments, Database database, CookieContainer cookies)
    {
        var folder = Path.Combine(_folder.Path, "Web");
        using var app = new Process
        {
            StartInfo = new ProcessStartInfo(program, [.. arguments, "--urls", "http://127.0.0.1:0"])
            {
                WorkingDirectory = folder,
                RedirectStandardOutput = true,
                Environment = { ["CONNECTION"] = database.ConnectionString },
            },
        };
        app.Start();
        try
        {
            using var handler = new HttpClientHandler { CookieContainer = cookies };
            using var client = new HttpClient(handler);
            return await client.GetStringAsync($"{await AddressAsync(app.StandardOutput)}/visit", TestContext.CurrentContext.CancellationToken);
        }
        finally
        {
            app.Kill(entireProcessTree: true);
        }
    }

    private static async Task<string> AddressAsync(StreamReader output)
    {
        while (await output.ReadLineAsync(TestContext.CurrentContext.CancellationToken) is { } line)
        {
            if (Address().Match(line) is { Success: true } match)
                return match.Value;
        }

        throw new AssertionException("The web app ended before it listened.");
    }

    // The port differs from start to start. The client sends its cookie all the same: cookies do not know ports.
    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex Address();
}
