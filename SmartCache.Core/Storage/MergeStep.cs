namespace SmartCache.Storage;

/// <summary>A store's next statement: what it writes, and which version of the row it may write over.</summary>
/// <param name="Action">How it goes on.</param>
/// <param name="Write">What is written.</param>
/// <param name="OldVersion">The version it may be written over.</param>
/// <param name="IsOverPlainKey">Whether that row still stands under its plain key, which the write replaces by its hash.</param>
internal readonly record struct MergeStep(MergeAction Action, RowWrite Write = default, long OldVersion = 0, bool IsOverPlainKey = false)
{
    public bool WritesValue => Action is not (MergeAction.None or MergeAction.UpdateExpiry);

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
        return new MergeStep(Together(Action, next.Action), write with { Lifetime = lifetime }, OldVersion, IsOverPlainKey);
    }

    private static MergeAction Together(MergeAction first, MergeAction next) => (first, next) switch
    {
        (MergeAction.Insert or MergeAction.Replace, _) => first,
        (_, MergeAction.Insert or MergeAction.Replace) => MergeAction.Replace,
        _ => first == next ? first : MergeAction.Update,
    };
}
