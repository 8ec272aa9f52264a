using System.Globalization;

namespace SmartCache.Simulation.Scheduling;

/// <summary>What happened, step by step, for the reader of a failure. Not written while schedules succeed.</summary>
internal sealed class Trace(bool isOn)
{
    private readonly List<string> _lines = [];

    public bool IsOn => isOn;

    /// <summary>Tells the time.</summary>
    public Func<TimeSpan> Clock { get; set; } = static () => default;

    public IReadOnlyList<string> Lines => _lines;

    public void Add(object who, string what)
    {
        if (isOn)
        {
            _lines.Add(string.Create(CultureInfo.InvariantCulture, $"{Clock().TotalSeconds,9:0.000}  {who}: {what}"));
        }
    }
}
