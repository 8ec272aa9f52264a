namespace SmartCache.Storage;

/// <summary>A store's next statement: what it writes, and which version of the row it may write over.</summary>
internal readonly record struct MergeStep(MergeAction Action, RowWrite Write = default, long OldVersion = 0)
{
    public bool WritesExpiry => Action is not (MergeAction.None or MergeAction.UpdateValue);

    /// <summary>One step that leaves the row as this one and then <paramref name="next"/>, decided on what this one writes, would.</summary>
    public MergeStep Then(MergeStep next)
    {
        if (Action == MergeAction.None)
        {
            return next;
        }

        if (next.Action == MergeAction.None)
        {
            return this;
        }

        var lifetime = !next.WritesExpiry ? Write.Lifetime
            : WritesExpiry ? next.Write.Lifetime.Over(Write.Lifetime)
            : next.Write.Lifetime;
        var write = next.Action == MergeAction.UpdateExpiry ? Write : next.Write;
        return new MergeStep(Together(Action, next.Action), write with { Lifetime = lifetime }, OldVersion);
    }

    private static MergeAction Together(MergeAction first, MergeAction next) => (first, next) switch
    {
        (MergeAction.Insert or MergeAction.Replace, _) => first,
        (_, MergeAction.Insert or MergeAction.Replace) => MergeAction.Replace,
        _ => first == next ? first : MergeAction.Update,
    };
}
