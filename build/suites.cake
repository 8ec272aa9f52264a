using System.Collections.Concurrent;
using System.Diagnostics;
using System.Xml.Linq;

// What tests an engine. Suites that share a project get the engine's name by the variable DATABASE. An older release, and
// MySQL beside MariaDB, runs only what depends on SQL: NewestReleaseAttribute marks the rest.
const string Older = "TestCategory!=NewestRelease";

// Variants that take a path which another variant takes too (NightlyAttribute). A filter that is given finds them all the same.
const string EveryBuild = "TestCategory!=Nightly";

// Starts the sample site on one engine of each family, or on the engine asked for.
const string SiteSuite = "SmartCache.QuickStart.Tests";

// Kills processes, so it is not an engine's suite: one run covers all engines.
const string CrashSuite = "SmartCache.Crash";

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
if (engine != "all" && !engines.ContainsKey(engine))
{
    throw new CakeException($"Unknown engine '{engine}'. Known are: {string.Join(", ", engines.Keys)}, all.");
}

var testResults = MakeAbsolute(Directory("artifacts/test-results"));
var crashReports = MakeAbsolute(Directory("artifacts/crash"));

// All suites. Those of the engines run side by side, each with its own server; the crash suite needs the machine for itself.
Counts RunSuites()
{
    CleanDirectory(testResults);
    var counts = new ConcurrentBag<Counts>();
    Parallel.ForEach(
        Partitioner.Create(Suites(), EnumerablePartitionerOptions.NoBuffering),
        new ParallelOptions { MaxDegreeOfParallelism = Math.Clamp(System.Environment.ProcessorCount, 1, 4) },
        suite => counts.Add(Run(suite)));
    counts.Add(Run(Crash()));
    ShowCrashReports();
    return counts.Aggregate((sum, one) => sum + one);
}

Counts RunAlone(Suite suite)
{
    CleanDirectory(testResults);
    var counts = Run(suite);
    if (suite.Name.StartsWith(CrashSuite))
    {
        ShowCrashReports();
    }

    return counts;
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

    // The engines' suites first, because they take longest.
    return engine == "all" || suites.Any(suite => suite.Engine == engine)
        ? suites.OrderBy(suite => suite.Engine is null).ThenBy(suite => suite.Name, StringComparer.Ordinal).ToList()
        : throw new CakeException($"Nothing tests {engine}: test/{engines[engine].Project} is missing.");
}

Suite Pictures() => Suites().Single(suite => suite.Name == SiteSuite) with
{
    Filter = "TestCategory=Pictures",
    Variables = new Dictionary<string, string> { ["SMARTCACHE_PICTURES"] = MakeAbsolute(Directory("docs/images")).FullPath },
};

Suite Fuzz() => Suites().Single(suite => suite.Name == "SmartCache.Fuzz.Tests") with
{
    Variables = isLong ? new Dictionary<string, string> { ["SMARTCACHE_FUZZ_CASES"] = "1000000" } : [],
    HangMinutes = isLong ? 120 : 10,
};

Suite Aot() => Suites().Single(suite => suite.Name == "SmartCache.Docs.Tests") with { Filter = "TestCategory=Aot" };

Suite Clusters() => Crash() with { Name = $"{CrashSuite}.clusters", Filter = "TestCategory=Cluster" };

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

    // The output is kept until the suite ends, because another suite may run beside it.
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
        // A test that hangs ends its suite. The default filter of test/default.runsettings is not added to this one.
        ArgumentCustomization = arguments =>
            arguments.Append($"-p:RunSettingsFilePath= --blame-hang-timeout {suite.HangMinutes}min --blame-hang-dump-type none"),
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

    // A suite that crashed or never began has lost tests, and no file says so. Only a filter may leave a suite without tests.
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
    var parts = new[] { filter ?? (target is "Nightly" or "Aot" ? null : EveryBuild), suite.Filter }.Where(part => part is not null);
    return string.Join("&", parts.Select(part => $"({part})")) is { Length: > 0 } all ? all : null;
}

IDictionary<string, string> Variables(Suite suite)
{
    var variables = new Dictionary<string, string>(suite.Variables);
    if ((suite.Engine ?? (suite.Name == SiteSuite && engine != "all" ? engine : null)) is { } database)
    {
        variables["DATABASE"] = database;
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

    // Applied together with the filter that was asked for.
    public string Filter { get; init; }
}

record Counts(int Passed, int Failed, int Skipped)
{
    public int Total => Passed + Failed + Skipped;

    public static Counts operator +(Counts left, Counts right) =>
        new(left.Passed + right.Passed, left.Failed + right.Failed, left.Skipped + right.Skipped);

    public override string ToString() => $"{Passed} passed, {Failed} failed, {Skipped} skipped";
}
