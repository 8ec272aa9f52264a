using RaceLab.Racing;

namespace RaceLab.CommandLine;

/// <summary>One race in the terminal: its progress on the error stream, its result on the output stream.</summary>
internal static class TerminalRace
{
    public static async Task<int> RunAsync(Lab lab, RaceSettings settings, CancellationToken cancellationToken)
    {
        Console.WriteLine($"{settings.Rounds} rounds of {settings.Requests} concurrent requests of one session, on {lab.Engine.Description}");
        Console.WriteLine();

        RaceReport? last = null;
        using (var progress = new TerminalProgress(Console.Error, inPlace: !Console.IsErrorRedirected))
        {
            await foreach (var report in lab.RaceAsync(settings, cancellationToken))
            {
                progress.Show(report);
                last = report;
            }
        }

        if (last?.Verdict is not { } verdict)
        {
            return ExitCode.Stopped;
        }

        Console.WriteLine(ResultTable.Of(last));
        Console.WriteLine();
        Console.WriteLine(lab.HowCounted);
        Console.WriteLine();
        Console.WriteLine(verdict.Sentence);
        return verdict.IsProven ? ExitCode.Proven : ExitCode.NotProven;
    }
}
