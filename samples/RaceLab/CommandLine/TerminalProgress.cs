using System.Diagnostics;
using RaceLab.Racing;

namespace RaceLab.CommandLine;

/// <summary>One line that is written over in a terminal; elsewhere a line every two seconds.</summary>
internal sealed class TerminalProgress(TextWriter writer, bool inPlace) : IDisposable
{
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(2);

    private long _lastLine = Stopwatch.GetTimestamp();
    private int _length;

    public void Show(RaceReport report)
    {
        var lost = string.Join(", ", report.Contenders.Select(contender => $"{contender.Name} lost {contender.Lost}"));
        var line = $"round {report.Round} of {report.Rounds}: {lost}";
        if (inPlace)
        {
            writer.Write($"\r{line.PadRight(_length)}");
            _length = line.Length;
        }
        else if (Stopwatch.GetElapsedTime(_lastLine) >= BetweenLines)
        {
            writer.WriteLine(line);
            _lastLine = Stopwatch.GetTimestamp();
        }
    }

    public void Dispose()
    {
        if (_length > 0)
        {
            writer.Write($"\r{new string(' ', _length)}\r");
        }
    }
}
