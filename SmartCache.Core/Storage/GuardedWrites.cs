namespace SmartCache.Storage;

/// <summary>The writes over a row that was read, each of which affects none if the row is not what it was.</summary>
internal sealed class GuardedWrites
{
    /// <param name="dialect">The engine's SQL.</param>
    /// <param name="table">The table.</param>
    /// <param name="thisKey">What finds the row.</param>
    /// <param name="newKey">What gives it another key, as the beginning of a list of assignments; empty to leave it.</param>
    /// <param name="insert">What inserts, or replaces an expired row, where that is more than a write over this one.</param>
    /// <param name="appliesOnce">Whether a merge rule needs the stamps of the row's last stores.</param>
    public GuardedWrites(SqlDialect dialect, CacheTable table, string thisKey, string newKey, string? insert, bool appliesOnce)
    {
        var writeValue =
            $"""
            UPDATE {table.Name} SET
              {newKey}{table.Value} = @value,
              {table.Format} = @format,
              {table.Version} = @version,
              {table.UpdatedAt} = @now{(appliesOnce ? $",\n  {table.RecentStamps} = @recent_stamps" : "")}
            """;
        var newExpiry =
            $"""
              {table.ExpiresAt} = @expires_at,
              {table.SlidingMs} = @sliding_ms,
              {table.AbsoluteAt} = @absolute_at
            """;

        // A store that waited long must not take back what a later access has moved forward under the same rule. The
        // expiry comes first: MySQL assigns from left to right.
        var laterExpiry =
            $"""
              {table.ExpiresAt} = CASE
                WHEN {table.ExpiresAt} > @expires_at
                  AND COALESCE({table.SlidingMs}, 0) = COALESCE(@sliding_ms, 0) AND COALESCE({table.AbsoluteAt}, 0) = COALESCE(@absolute_at, 0)
                THEN {table.ExpiresAt} ELSE @expires_at END,
              {table.SlidingMs} = @sliding_ms,
              {table.AbsoluteAt} = @absolute_at
            """;
        var ifVersion = $"WHERE {thisKey} AND {table.Version} = @old_version";
        var replace = $"{writeValue},\n{newExpiry},\n  {table.CreatedAt} = @now\n{ifVersion}";

        Insert = new GuardedStatement(dialect, insert ?? $"{replace} AND {table.ExpiresAt} <= @now");
        UpdateIfVersion = new GuardedStatement(dialect, $"{writeValue},\n{laterExpiry}\n{ifVersion}");
        ReplaceIfVersion = new GuardedStatement(dialect, replace);
        UpdateValueIfVersion = new GuardedStatement(dialect, $"{writeValue}\n{ifVersion}");
        UpdateExpiryIfVersion = new GuardedStatement(dialect, $"UPDATE {table.Name} SET\n  {newKey}{laterExpiry.TrimStart()}\n{ifVersion}");
    }

    public GuardedStatement Insert { get; }

    public GuardedStatement UpdateIfVersion { get; }

    public GuardedStatement ReplaceIfVersion { get; }

    public GuardedStatement UpdateValueIfVersion { get; }

    public GuardedStatement UpdateExpiryIfVersion { get; }

    public GuardedStatement For(MergeAction action) => action switch
    {
        MergeAction.Insert => Insert,
        MergeAction.Update => UpdateIfVersion,
        MergeAction.Replace => ReplaceIfVersion,
        MergeAction.UpdateValue => UpdateValueIfVersion,
        MergeAction.UpdateExpiry => UpdateExpiryIfVersion,
        _ => throw new ArgumentOutOfRangeException(nameof(action), action, null),
    };
}
