using SmartCache.Crash.Engines;
using SmartCache.Crash.Processes;

namespace SmartCache.Crash.Faults;

/// <summary>Something that breaks under the app's hands.</summary>
internal abstract class Fault
{
    public abstract string Name { get; }

    /// <summary>How many processes it kills.</summary>
    public virtual int Kills => 0;

    /// <summary>Breaks it, and comes back when it is whole again.</summary>
    public abstract Task StrikeAsync(CrashEngine engine, App app);
}
