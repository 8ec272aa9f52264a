var target = Argument("target", "Default");
var engine = Argument("engine", EnvironmentVariable("DATABASE") is { Length: > 0 } database ? database : "all");
var filter = Argument<string>("filter", null);
var configuration = Argument("configuration", "Release");
var isLong = HasArgument("long");
var crashMinutes = Argument<int?>("minutes", isLong ? 5 : null);

// The suites, how they run, and their counts.
#load "build/suites.cake"

var solution = MakeAbsolute(File("SmartCache.slnx"));
var packages = MakeAbsolute(Directory("artifacts/packages"));
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
    .Does(() => tested = RunSuites());

Task("Nightly")
    .Description("Runs every suite with all variants, also those that take the same path.")
    .IsDependentOn("Pack")
    .Does(() => tested = RunSuites());

Task("Crash")
    .Description("Kills the app and its database while it saves: --long or --minutes=N for longer than a round.")
    .IsDependentOn("Build")
    .Does(() => tested = RunAlone(Crash()));

Task("Cluster")
    .Description("Kills nodes of a Galera cluster, and a PostgreSQL primary that has a standby, while the app saves.")
    .IsDependentOn("Build")
    .Does(() => tested = RunAlone(Clusters()));

Task("Fuzz")
    .Description("Runs the fuzzing alone: some seconds each, or with --long a million cases each.")
    .IsDependentOn("Build")
    .Does(() => tested = RunAlone(Fuzz()));

Task("Pictures")
    .Description("Takes the pictures of the sample site for the documentation.")
    .IsDependentOn("Build")
    .Does(() => tested = RunAlone(Pictures()));

Task("Aot")
    .Description("Publishes a web app with the packages as a native program, and runs it.")
    .IsDependentOn("Pack")
    .Does(() => tested = RunAlone(Aot()));

Task("Default")
    .Description("Builds, packs and tests.")
    .IsDependentOn("Test");

RunTarget(target);

// Here and not in a task: the counts are the last line, after Cake's own report.
if (tested is not null)
{
    Console.WriteLine(tested);
    Environment.Exit(tested.Failed == 0 && tested.Total > 0 ? 0 : 1);
}
