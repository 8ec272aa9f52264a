namespace SmartCache.CrashNode.Work;

/// <summary>Says that stores succeed, often enough to measure how long they did not, and not for each of them.</summary>
internal sealed class Announcer(TextWriter output)
{
    private const long IntervalMs = 20;

    private readonly Lock _lock = new();
    private long _last;

    public void Acknowledged()
    {
        lock (_lock)
        {
            var now = Environment.TickCount64;
            if (now - _last >= IntervalMs)
            {
                _last = now;
                output.WriteLine("stored");
            }
        }
    }
}
