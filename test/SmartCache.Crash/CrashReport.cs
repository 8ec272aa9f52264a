using System.Globalization;
using System.Text;
using SmartCache.SecondProcess.Crashing;

namespace SmartCache.Crash;

/// <summary>The report of a run.</summary>
internal static class CrashReport
{
    private const string Variable = "SMARTCACHE_CRASH_REPORTS";
    private const int MostComplaints = 20;

    /// <summary>Writes it into the folder that the build names, if any.</summary>
    public static void Save(CrashResult result) => Write($"{result.Title}.txt", Text(result));

    /// <summary>Writes what a browser saw into the folder that the build names, if any.</summary>
    public static void Save(BrowserResult result)
    {
        var text = new StringBuilder();
        Line(text, $"{result.Title}: {result.Rounds} rounds of {BrowserRun.Requests} requests, a kill in each, {result.Duration.TotalSeconds:F0} s");
        AddSide("committed before the response", result.On);
        AddSide("committed by the middleware alone", result.Off);
        Write($"browser-{result.Title}.txt", text.ToString());

        void AddSide(string name, Verdict verdict)
        {
            var lost = verdict.Of(ComplaintKind.Lost).ToList();
            Line(text, $"  {name}: {verdict.Acknowledged} successes, {lost.Count} of them lost ({lost.Count(BrowserRun.IsRedirect)} redirects); {verdict.Refused} errors, {verdict.Open} without an answer");
        }
    }

    /// <summary>Keeps the journals of the sessions that the judge complains about, in the order of time.</summary>
    public static void SaveStories(string title, Verdict verdict, IEnumerable<(string Worker, Claim Claim)> journals)
    {
        var sessions = verdict.Complaints.Take(MostComplaints).Select(complaint => complaint.Session).ToHashSet();
        var lines = journals.Where(line => sessions.Contains(line.Claim.Session)).OrderBy(line => line.Claim.Session).ThenBy(line => line.Claim.At);
        if (sessions.Count > 0)
            Write($"{title}.journal", string.Join('\n', lines.Select(line => $"{line.Worker}\t{line.Claim}")));
    }

    public static string Text(CrashResult result)
    {
        var (verdict, text) = (result.Verdict, new StringBuilder());
        var kinds = string.Join(", ", Enum.GetValues<ComplaintKind>().Select(kind => $"{verdict.Of(kind).Count()} {kind.ToString().ToLowerInvariant()}"));
        Line(text, $"{result.Title}: {result.Processes} processes with {result.Workers} requests each, {result.Duration.TotalSeconds:F0} s");
        Line(text, $"  acknowledged {verdict.Acknowledged} ({verdict.LogOuts} logouts, {verdict.Counts} counts), refused {verdict.Refused}, cut off {verdict.Open}, not loaded {verdict.Unloaded}");
        Line(text, $"  {kinds}; table {(result.Damage.Count == 0 ? "sound" : "damaged")}");
        var (kills, silence) = (result.Faults.Sum(fault => fault.Kills), Seconds(result.LongestSilences.Values.Max()));
        Line(text, $"  {kills} processes killed; no process was without a save for more than {silence} s");
        Line(text, $"    by process: {string.Join(", ", result.LongestSilences.OrderBy(silence => silence.Key).Select(silence => $"{silence.Key} {Seconds(silence.Value)} s"))}");
        foreach (var faults in result.Faults.GroupBy(fault => fault.Name))
        {
            var (broken, recovery) = (Seconds(faults.Max(fault => fault.Broken)), Seconds(faults.Max(fault => fault.Recovery)));
            Line(text, $"    {faults.Count()} x {faults.Key}: whole again after {broken} s at most, saves in all processes {recovery} s later at most");
        }

        foreach (var (reason, count) in verdict.Reasons.OrderByDescending(reason => reason.Value))
            Line(text, $"    {count} times refused: {reason}");

        foreach (var complaint in verdict.Complaints.Take(MostComplaints).Select(complaint => $"{complaint}").Concat(result.Damage))
            Line(text, $"    {complaint}");

        return text.ToString();
    }

    private static void Write(string file, string text)
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } folder)
        {
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, file), text);
        }
    }

    private static string Seconds(TimeSpan duration) => duration.TotalSeconds.ToString("F2", CultureInfo.InvariantCulture);

    private static void Line(StringBuilder text, FormattableString line) => text.AppendLine(line.ToString(CultureInfo.InvariantCulture));
}
