using System.Diagnostics;
using System.Globalization;

namespace SmartCache.Benchmarks.Measuring;

/// <summary>Says on the error stream what is being done: in a terminal on one line, elsewhere on one each.</summary>
internal sealed class Progress(TextWriter writer, bool inPlace) : IDisposable
{
    private readonly long _begun = Stopwatch.GetTimestamp();
    private int _length;

    public void Say(string text)
    {
        var line = string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(_begun):hh\\:mm\\:ss}  {text}");
        if (inPlace)
        {
            writer.Write($"\r{line.PadRight(_length)}");
            _length = line.Length;
        }
        else
        {
            writer.WriteLine(line);
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
