namespace SmartCache.Simulation.Scheduling;

/// <summary>What somebody is ready to do next. Nothing of the product runs but in a step.</summary>
internal sealed record Step(Actor Actor, string What, Action Run);
