using SmartCache.Simulation.Database;

namespace SmartCache.Simulation.Choices;

/// <summary>Whoever has begun goes on, and nothing goes wrong: before and after what is explored.</summary>
internal sealed class FirstChoice : IChoices
{
    public int Step(int count, bool goesOn) => 0;

    public Fate Fate(ReadOnlySpan<Fate> misfortunes) => Database.Fate.Fine;

    public bool TimePasses() => false;

    public bool Happens() => false;
}
