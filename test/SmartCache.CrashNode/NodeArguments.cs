using System.Globalization;

namespace SmartCache.CrashNode;

/// <summary>What a process of the app is told when it is started.</summary>
/// <param name="Engine">The database: <c>sqlite</c>, <c>postgres</c>, <c>mariadb</c> or <c>mysql</c>.</param>
/// <param name="ConnectionString">Where it is.</param>
/// <param name="Run">What all processes of a run have in common, so that they use the same sessions.</param>
/// <param name="Name">The name of the process, which no other process of the run has or had.</param>
/// <param name="Journals">The folder for its workers' journals.</param>
/// <param name="Workers">How many requests it has under way at a time.</param>
/// <param name="LogsOut">Whether it begins and logs out the sessions that are logged out, which only one process does.</param>
/// <param name="Concurrency">The mode of its cache.</param>
public sealed record NodeArguments(
    string Engine, string ConnectionString, string Run, string Name, string Journals, int Workers, bool LogsOut, ConcurrencyMode Concurrency)
{
    public static NodeArguments Parse(IReadOnlyList<string> arguments) => new(
        arguments[0],
        arguments[1],
        arguments[2],
        arguments[3],
        arguments[4],
        int.Parse(arguments[5], CultureInfo.InvariantCulture),
        bool.Parse(arguments[6]),
        Enum.Parse<ConcurrencyMode>(arguments[7]));

    public IReadOnlyList<string> ToList() =>
        [Engine, ConnectionString, Run, Name, Journals, Workers.ToString(CultureInfo.InvariantCulture), $"{LogsOut}", $"{Concurrency}"];
}
