namespace SmartCache.Simulation.Database;

/// <summary>What a text means.</summary>
internal sealed record Statement(StatementKind Kind, bool Commits = false)
{
    /// <summary>Whether it writes a row only if that is what it was.</summary>
    public bool IsGuarded => Kind is StatementKind.Insert or StatementKind.Update or StatementKind.Replace or StatementKind.UpdateValue or StatementKind.UpdateExpiry;

    /// <summary>Whether it waits for the lock of its row.</summary>
    public bool NeedsLock => IsGuarded || Kind is StatementKind.BeginAndRead or StatementKind.Upsert or StatementKind.Touch or StatementKind.Remove;

    /// <summary>
    /// Whether a server may execute it when its client has long given up. Not what needs no row to be there: no guard
    /// can tell such a straggler from a session begun anew, which is why the documentation asks for servers without them.
    /// </summary>
    public bool MayStraggle => NeedsLock && Kind is not (StatementKind.Insert or StatementKind.Upsert or StatementKind.BeginAndRead);

    public override string ToString() => Commits ? $"{Kind} and commit" : $"{Kind}";
}
