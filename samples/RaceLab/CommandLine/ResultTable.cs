using System.Globalization;
using RaceLab.Engines;
using RaceLab.Racing;

namespace RaceLab.CommandLine;

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

    private static string PerRequest(DatabaseCounts counts, int requests) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(double)counts.Statements / requests:0.#} ({(double)counts.RowsWritten / requests:0.#})");
}
