using System.Globalization;
using SmartCache.Engines;

namespace RaceLab.Racing;

/// <summary>One race in the terminal: its progress on the error stream, its result on the output stream.</summary>
internal static class TerminalRace
{
    public static async Task<int> RunAsync(Lab lab, RaceSettings settings, CancellationToken cancellationToken)
    {
        Console.WriteLine($"{settings.Rounds} rounds of {settings.Requests} concurrent requests of one session, on {lab.Engine.Description}");
        Console.WriteLine();

        RaceReport? last = null;
        using (var progress = new Progress(TimeSpan.FromSeconds(2)))
        {
            await foreach (var report in lab.RaceAsync(settings, cancellationToken))
            {
                progress.Say($"round {report.Round} of {report.Rounds}: {string.Join(", ", report.Contenders.Select(contender => $"{contender.Name} lost {contender.Lost}"))}");
                last = report;
            }
        }

        if (last?.Verdict is not { } verdict)
            return ExitCode.Stopped;

        Console.WriteLine(ResultTable.Of(last));
        Console.WriteLine();
        Console.WriteLine(lab.HowCounted);
        Console.WriteLine();
        Console.WriteLine(verdict.Sentence);
        return verdict.IsProven ? ExitCode.Done : ExitCode.Failed;
    }
}

/// <summary>The result of a race as lines of text.</summary>
internal static class ResultTable
{
    private const int LabelWidth = 44;
    private const int ColumnWidth = 18;

    public static string Of(RaceReport report)
    {
        return string.Join('\n',
            Row("", contender => contender.Name),
            Row("entries acknowledged", contender => Whole(contender.Acknowledged)),
            Row("entries lost", contender => Whole(contender.Lost)),
            Row("statements sent", contender => Whole(contender.Costs.Racing.Statements)),
            Row("begin, commit, savepoint (not in the above)", contender => Whole(contender.Costs.Racing.TransactionControl)),
            Row("rows written", contender => Whole(contender.Costs.Racing.RowsWritten)),
            "",
            "  One request when nothing races: statements (rows written)",
            Row("changes an entry", contender => PerRequest(contender.Costs.Changing, contender.Rounds)),
            Row("only reads the session", contender => PerRequest(contender.Costs.Reading, contender.Rounds)),
            Row("does not touch the session", contender => PerRequest(contender.Costs.Untouched, contender.Rounds)));

        string Row(string label, Func<ContenderReport, string> value) =>
            $"  {label.PadRight(LabelWidth)}{string.Concat(report.Contenders.Select(contender => value(contender).PadLeft(ColumnWidth)))}";
    }

    private static string Whole(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static string PerRequest(Counts counts, int requests) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(double)counts.Statements / requests:0.#} ({(double)counts.RowsWritten / requests:0.#})");
}
