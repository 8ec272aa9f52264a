using System.Globalization;

namespace SmartCache.Simulation;

/// <summary>The steps of a schedule, for the reader of a failure. Not written while schedules succeed.</summary>
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
            _lines.Add(string.Create(CultureInfo.InvariantCulture, $"{Clock().TotalSeconds,9:0.000}  {who}: {what}"));
    }
}

/// <summary>
/// A thread without a synchronization context, on which continuations run where they are completed: on a test's own
/// thread they might move to another one.
/// </summary>
internal static class SimulationThread
{
    public static T Run<T>(Func<T> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).GetAwaiter().GetResult();
}
