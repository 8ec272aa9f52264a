namespace SmartCache.Contract.Schedules;

/// <summary>What a step of a schedule does.</summary>
public enum StepKind
{
    Load,
    Set,
    Remove,
    Clear,
    Commit,
    End,

    /// <summary>Somebody removes the session under all of them.</summary>
    Destroy,
}
