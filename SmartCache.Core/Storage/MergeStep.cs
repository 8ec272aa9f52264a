namespace SmartCache.Storage;

/// <summary>A store's next statement: what it writes, and which version of the row it may write over.</summary>
internal readonly record struct MergeStep(MergeAction Action, RowWrite Write = default, long OldVersion = 0);
