using RaceLab.Engines;
using RaceLab.Racing;

namespace RaceLab.CommandLine;

internal static class Usage
{
    public static readonly string Text =
        $"""
        Lets concurrent requests of one session race on two caches, and counts what each of them loses.

        Usage: dotnet run --project samples/RaceLab [-- options]

        Without options it serves a page on http://127.0.0.1:{LabArguments.DefaultPort} (on a free port if that one is taken).

          --once             one race here in the terminal instead of a page; exit code 0 if SmartCache lost
                             nothing and the other cache lost something, 1 otherwise
          --rounds N         rounds of the race, {RaceSettings.MinRounds} to {RaceSettings.MaxRounds} (default {RaceSettings.Default.Rounds})
          --requests N       concurrent requests in a round, {RaceSettings.MinRequests} to {RaceSettings.MaxRequests} (default {RaceSettings.Default.Requests})
          --engine NAME      the database: {KnownEngines.Names} (default {KnownEngines.Default})
          --connection TEXT  connection string of a database, for every engine but {KnownEngines.Default}
          --urls URL         where to serve the page
          --help             this text
        """;
}
