namespace SmartCache.Simulation.Workloads;

/// <summary>What a schedule is about: under which circumstances what happens.</summary>
/// <param name="Setting">The circumstances.</param>
/// <param name="Before">What happens first, one after the other and without misfortune.</param>
/// <param name="Plans">What happens then, all at once unless a plan says when.</param>
internal sealed record Workload(Setting Setting, IReadOnlyList<Plan> Before, IReadOnlyList<Plan> Plans)
{
    public bool Kills => Plans.Any(static plan => plan is KillPlan);
}
