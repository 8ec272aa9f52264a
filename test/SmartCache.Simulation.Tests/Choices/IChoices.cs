using SmartCache.Simulation.Database;

namespace SmartCache.Simulation.Choices;

/// <summary>Decides whatever is open in a schedule; the same decisions give the same schedule.</summary>
internal interface IChoices
{
    /// <summary>Which of the steps is taken.</summary>
    /// <param name="count">How many there are.</param>
    /// <param name="goesOn">Whether the first is that of the actor who took the last step: any other interrupts it.</param>
    int Step(int count, bool goesOn);

    /// <summary>What befalls a statement.</summary>
    Fate Fate(ReadOnlySpan<Fate> misfortunes);

    /// <summary>Whether time passes though there are steps to take.</summary>
    bool TimePasses();

    /// <summary>Whether something that may happen either way does.</summary>
    bool Happens();
}
