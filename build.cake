using System.Collections.Concurrent;
using System.Diagnostics;
using System.Xml.Linq;

// What tests an engine. Those that share a project are told what to run on by the variable DATABASE. An older release,
// and MySQL beside MariaDB, runs what its statements could make a difference to; NewestReleaseAttribute says what that is not.
const string Older = "TestCategory!=NewestRelease";

// Variants that take a path which another variant takes too (NightlyAttribute). A filter that is given finds them all the same.
const string EveryBuild = "TestCategory!=Nightly";
var engines = new Dictionary<string, (string Project, string Filter)>
{
    ["sqlite"] = ("SmartCache.Sqlite.Tests", null),
    ["postgres"] = ("SmartCache.Postgres.Tests", null),
    ["postgres-15"] = ("SmartCache.Postgres.Tests", Older),
    ["mariadb"] = ("SmartCache.MySql.Tests", null),
    ["mariadb-10.11"] = ("SmartCache.MySql.Tests", Older),
    ["mysql"] = ("SmartCache.MySql.Tests", Older),
    ["firebird"] = ("SmartCache.Firebird.Tests", $"{Older}|FullyQualifiedName~OptionsOnFirebird|FullyQualifiedName~RegistrationOnFirebird"),
};

// Suites that run at the same time, each with its own server. The crash suite wants the machine for itself.
var atOnce = Math.Clamp(System.Environment.ProcessorCount, 1, 4);

// Kills processes, so it is none of an engine's suites: all engines at once in one run.
const string CrashSuite = "SmartCache.Crash";

var target = Argument("target", "Default");
var engine = Argument("engine", EnvironmentVariable("DATABASE") is { Length: > 0 } database ? database : "all");
var filter = Argument<string>("filter", null);
var configuration = Argument("configuration", "Release");
var crashMinutes = Argument<int?>("minutes", HasArgument("long") ? 5 : null);

if (engine != "all" && !engines.ContainsKey(engine))
{
    throw new CakeException($"Unknown engine '{engine}'. Known are: {string.Join(", ", engines.Keys)}, all.");
}

var solution = MakeAbsolute(File("SmartCache.slnx"));
var testResults = MakeAbsolute(Directory("artifacts/test-results"));
var packages = MakeAbsolute(Directory("artifacts/packages"));
var crashReports = MakeAbsolute(Directory("artifacts/crash"));

Counts tested = null;

Task("Clean")
    .Description("Removes everything a build leaves.")
    .Does(() =>
    {
        CleanDirectories("./**/bin");
        CleanDirectories("./**/obj");
        CleanDirectories("./artifacts");
    });

Task("Restore")
    .Description("Restores the packages.")
    .Does(() => DotNetRestore(solution.FullPath));

Task("Build")
    .Description("Compiles everything; warnings are errors.")
    .IsDependentOn("Restore")
    .Does(() => DotNetBuild(solution.FullPath, new DotNetBuildSettings
    {
        Configuration = configuration,
        NoRestore = true,
        NoLogo = true,
    }));

Task("Pack")
    .Description("Makes the packages.")
    .IsDependentOn("Build")
    .Does(() =>
    {
        CleanDirectory(packages);
        foreach (var library in GetFiles("./SmartCache.*/*.csproj"))
        {
            DotNetPack(library.FullPath, new DotNetPackSettings
            {
                Configuration = configuration,
                NoBuild = true,
                NoLogo = true,
                OutputDirectory = packages,
            });
        }
    });

Task("Test")
    .Description("Runs every suite, or one engine's (--engine), or some tests (--filter).")
    .IsDependentOn("Pack")
    .Does(RunSuites);

Task("Nightly")
    .Description("Runs every suite with all variants, also those that take the same path.")
    .IsDependentOn("Pack")
    .Does(RunSuites);

Task("Crash")
    .Description("Kills the app and its database while it stores: --long or --minutes=N for longer than a round.")
    .IsDependentOn("Build")
    .Does(() =>
    {
        CleanDirectory(testResults);
        tested = Run(Crash());
        ShowCrashReports();
    });

Task("Cluster")
    .Description("Kills nodes of a Galera cluster, and a PostgreSQL primary that has a standby, while the app stores.")
    .IsDependentOn("Build")
    .Does(() =>
    {
        CleanDirectory(testResults);
        tested = Run(Crash() with { Name = $"{CrashSuite}.clusters", Filter = "TestCategory=Cluster" });
        ShowCrashReports();
    });

Task("Fuzz")
    .Description("Runs the fuzzing alone: some seconds each, or with --long a million cases each.")
    .IsDependentOn("Build")
    .Does(() =>
    {
        CleanDirectory(testResults);
        if (HasArgument("long"))
        {
            System.Environment.SetEnvironmentVariable("SMARTCACHE_FUZZ_CASES", "1000000");
        }

        var fuzz = Suites().Single(suite => suite.Name == "SmartCache.Fuzz.Tests");
        tested = Run(HasArgument("long") ? fuzz with { HangMinutes = 120 } : fuzz);
    });

Task("Default")
    .IsDependentOn("Test");

RunTarget(target);

// Here and not in the task: the counts are the run's last line, after Cake's own report.
if (tested is not null)
{
    Console.WriteLine(tested);
    Environment.Exit(tested.Failed == 0 && tested.Total > 0 ? 0 : 1);
}

void RunSuites()
{
    CleanDirectory(testResults);
    var counts = new ConcurrentBag<Counts>();
    Parallel.ForEach(
        Partitioner.Create(Suites(), EnumerablePartitionerOptions.NoBuffering),
        new ParallelOptions { MaxDegreeOfParallelism = atOnce },
        suite => counts.Add(Run(suite)));
    counts.Add(Run(Crash()));
    tested = counts.Aggregate((sum, one) => sum + one);
    ShowCrashReports();
}

// Every test project under test; those of an engine once for each engine asked for.
List<Suite> Suites()
{
    var suites = new List<Suite>();
    foreach (var project in GetFiles("./test/*.Tests/*.csproj"))
    {
        var name = project.GetFilenameWithoutExtension().FullPath;
        var tests = engines.Where(entry => entry.Value.Project == name).ToList();
        suites.AddRange(tests.Count == 0
            ? [new Suite(name, project, null)]
            : tests.Where(test => engine == "all" || engine == test.Key)
                .Select(test => new Suite($"{name}.{test.Key}", project, test.Key) { Filter = target == "Nightly" ? null : test.Value.Filter }));
    }

    // The engines' first: they take longest.
    return engine == "all" || suites.Any(suite => suite.Engine == engine)
        ? suites.OrderBy(suite => suite.Engine is null).ThenBy(suite => suite.Name, StringComparer.Ordinal).ToList()
        : throw new CakeException($"Nothing tests {engine}: test/{engines[engine].Project} is missing.");
}

Suite Crash()
{
    CleanDirectory(crashReports);
    return new Suite(CrashSuite, MakeAbsolute(File($"test/{CrashSuite}/{CrashSuite}.csproj")), engine == "all" ? null : engine)
    {
        Variables = new Dictionary<string, string>
        {
            ["SMARTCACHE_CRASH_REPORTS"] = crashReports.FullPath,
            ["SMARTCACHE_CRASH_MINUTES"] = $"{crashMinutes}",
        },
        HangMinutes = 10 + (2 * crashMinutes ?? 0),
        Filter = "TestCategory!=Cluster",
    };
}

void ShowCrashReports()
{
    foreach (var report in GetFiles($"{crashReports}/*.txt").OrderBy(report => report.FullPath))
    {
        Console.WriteLine($"\n{System.IO.File.ReadAllText(report.FullPath).TrimEnd()}");
    }
}

Counts Run(Suite suite)
{
    Console.WriteLine($"{suite.Name} begins");
    var clock = Stopwatch.StartNew();
    var exitCode = 0;

    // What it prints is kept until it ends: another one may run beside it.
    var output = new ConcurrentQueue<string>();
    string Keep(string line)
    {
        output.Enqueue(line);
        return null;
    }

    DotNetTest(suite.Project.FullPath, new DotNetTestSettings
    {
        Configuration = configuration,
        NoBuild = true,
        NoLogo = true,
        Filter = Filter(suite),
        ResultsDirectory = testResults,
        Loggers = [$"trx;LogFileName={suite.Name}.trx"],
        EnvironmentVariables = Variables(suite),
        // A test that hangs ends its suite instead of the patience of whoever waits for it.
        ArgumentCustomization = arguments => arguments.Append($"--blame-hang-timeout {suite.HangMinutes}min --blame-hang-dump-type none"),
        SetupProcessSettings = process =>
        {
            process.RedirectStandardOutput = process.RedirectStandardError = true;
            process.RedirectedStandardOutputHandler = process.RedirectedStandardErrorHandler = Keep;
        },
        HandleExitCode = code =>
        {
            exitCode = code;
            return true;
        },
    });

    var results = testResults.CombineWithFilePath($"{suite.Name}.trx");
    var counts = Count(results);

    // A suite that crashed or never began has lost tests that no file tells of; only a filter may leave a suite without any.
    if (counts.Failed == 0 && (exitCode != 0 || !FileExists(results) || (counts.Total == 0 && filter is null)))
    {
        Error($"{suite.Name} ended with exit code {exitCode} after {counts.Total} tests, none of them reported as failed.");
        counts = counts with { Failed = 1 };
    }

    var said = output.Where(line => !string.IsNullOrWhiteSpace(line)).Append($"{suite.Name}: {counts} in {clock.Elapsed.TotalSeconds:F1} s");
    Console.WriteLine($"\n{string.Join('\n', said)}\n");
    return counts;
}

string Filter(Suite suite)
{
    var parts = new[] { filter ?? (target == "Nightly" ? null : EveryBuild), suite.Filter }.Where(part => part is not null);
    return string.Join("&", parts.Select(part => $"({part})")) is { Length: > 0 } all ? all : null;
}

IDictionary<string, string> Variables(Suite suite)
{
    var variables = new Dictionary<string, string>(suite.Variables);
    if (suite.Engine is not null)
    {
        variables["DATABASE"] = suite.Engine;
    }

    return variables;
}

// The results one by one: the file's own sum leaves skipped tests out.
Counts Count(FilePath trx)
{
    if (!FileExists(trx) || FileSize(trx) == 0)
    {
        return new Counts(0, 0, 0);
    }

    var outcomes = XDocument.Load(trx.FullPath).Descendants()
        .Where(element => element.Name.LocalName == "UnitTestResult")
        .Select(result => (string)result.Attribute("outcome"))
        .ToList();
    var passed = outcomes.Count(outcome => outcome == "Passed");
    var skipped = outcomes.Count(outcome => outcome is "NotExecuted" or "Inconclusive");
    return new Counts(passed, outcomes.Count - passed - skipped, skipped);
}

record Suite(string Name, FilePath Project, string Engine)
{
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    public int HangMinutes { get; init; } = 10;

    // Besides the one that was asked for.
    public string Filter { get; init; }
}

record Counts(int Passed, int Failed, int Skipped)
{
    public int Total => Passed + Failed + Skipped;

    public static Counts operator +(Counts left, Counts right) =>
        new(left.Passed + right.Passed, left.Failed + right.Failed, left.Skipped + right.Skipped);

    public override string ToString() => $"{Passed} passed, {Failed} failed, {Skipped} skipped";
}
