using System.CommandLine;
using RaceLab.Racing;
using RaceLab.Web;
using SmartCache.Engines;

// The apps that race are in Racing/SessionApp.cs: stock sessions, over one cache or the other.
var root = new RootCommand(
    $"""
    Lets concurrent requests of one session race on two caches, and counts what each of them loses.

    Without options it serves a page on http://127.0.0.1:{LabPage.DefaultPort} (on a free port if that one is taken).
    """);
var once = root.Flag("--once", "one race here in the terminal instead of a page; exit code 0 if SmartCache lost nothing and the other cache lost something, 1 otherwise");
var rounds = root.Setting(
    "--rounds", "rounds of the race", ConsoleApp.Whole(RaceSettings.MinRounds, RaceSettings.MaxRounds), $"{RaceSettings.Default.Rounds}");
var requests = root.Setting(
    "--requests", "concurrent requests in a round", ConsoleApp.Whole(RaceSettings.MinRequests, RaceSettings.MaxRequests), $"{RaceSettings.Default.Requests}");
var engines = root.Setting("--engine", $"the database: {string.Join(", ", EngineFamily.Engines)}", ConsoleApp.OneOf(EngineFamily.Engines), "sqlite");
var connection = root.Setting<string?>("--connection", "connection string of a database on a server; without it a server is started for the run", ConsoleApp.TextOrNull);
var urls = root.Setting<string?>("--urls", "where to serve the page", ConsoleApp.TextOrNull);
root.Run(async (parsed, token) =>
{
    var settings = new RaceSettings(rounds.Of(parsed), requests.Of(parsed));
    var engine = engines.Of(parsed);
    if (connection.Of(parsed) is not null && engine == "sqlite")
        throw new UsageException("--connection is of no use to sqlite, which makes a file of its own.");

    await using var lab = await Lab.StartAsync(await LabEngine.StartAsync(engine, connection.Of(parsed), token), token);
    return await (parsed.GetValue(once) ? TerminalRace.RunAsync(lab, settings, token) : LabPage.RunAsync(lab, settings, urls.Of(parsed), token));
});
return await ConsoleApp.RunAsync(root, args);
