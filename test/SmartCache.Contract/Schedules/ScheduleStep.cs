namespace SmartCache.Contract.Schedules;

/// <summary>One step of a schedule: one of the requests under way does something. A request that has ended begins anew with its next step.</summary>
public sealed record ScheduleStep(int Request, StepKind Kind, string Name = "", string Value = "")
{
    public override string ToString() => Kind switch
    {
        StepKind.Set => $"{Request}: set {Name}={Value}",
        StepKind.Remove => $"{Request}: remove {Name}",
        StepKind.Destroy => "destroy",
        _ => $"{Request}: {Kind.ToString().ToLowerInvariant()}",
    };

    /// <summary>Every step that so many requests can take. Few names and values, so that they meet.</summary>
    public static IEnumerable<ScheduleStep> Of(int requests)
    {
        yield return new ScheduleStep(0, StepKind.Destroy);
        for (var request = 0; request < requests; request++)
        {
            yield return new ScheduleStep(request, StepKind.Load);
            yield return new ScheduleStep(request, StepKind.Clear);
            yield return new ScheduleStep(request, StepKind.Commit);
            yield return new ScheduleStep(request, StepKind.Commit);
            yield return new ScheduleStep(request, StepKind.Commit);
            yield return new ScheduleStep(request, StepKind.End);
            foreach (var name in new[] { "a", "b", "c" })
            {
                yield return new ScheduleStep(request, StepKind.Remove, name);
                yield return new ScheduleStep(request, StepKind.Set, name, "1");
                yield return new ScheduleStep(request, StepKind.Set, name, "2");
            }
        }
    }
}
