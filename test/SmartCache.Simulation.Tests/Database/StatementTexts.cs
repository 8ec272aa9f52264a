using System.Collections.Concurrent;
using SmartCache.Sql;

namespace SmartCache.Simulation;

/// <summary>Knows every text that the product can send, because it composes the same statements.</summary>
internal sealed class StatementTexts
{
    /// <summary>By what they depend on: composing them takes longer than most schedules.</summary>
    private static readonly ConcurrentDictionary<(bool TouchesMany, bool Shares, bool Counts), StatementTexts> Known = [];

    private readonly Dictionary<string, Statement> _statements = [];

    private StatementTexts(Setting setting)
    {
        var dialect = setting.Dialect;
        var table = new CacheTable(dialect, null, "smart_cache", new CacheColumns());
        ColumnNames = table.BareColumns;
        var set = new Sql.RowStatements(dialect, table, hashesKeys: false, keepsVersions: setting.Counts);

        Add(dialect.DescribeTable(table), StatementKind.Describe);
        Add(dialect.CreateTable(table), StatementKind.Create);
        Add(set.Read.Text, StatementKind.Read);
        Add(set.ReadMany?.For(1).Text, StatementKind.ReadMany);
        Add(set.Writes.Insert.Many?.For(1).Text, StatementKind.InsertMany);
        Add(set.Writes.Update.Many?.For(1).Text, StatementKind.UpdateMany);
        Add(set.Merge.BeginAndRead.Text, StatementKind.BeginAndRead);
        Add(set.Merge.RollBack!.Text, StatementKind.RollBack);
        Add(set.Writes.Insert, StatementKind.Insert);
        Add(set.Writes.Update, StatementKind.Update);
        Add(set.Writes.Replace, StatementKind.Replace);
        Add(set.Writes.UpdateValue, StatementKind.UpdateValue);
        Add(set.Writes.UpdateExpiry, StatementKind.UpdateExpiry);
        Add(set.Upsert.Text, StatementKind.Upsert);
        Add(set.Touch.Text, StatementKind.Touch);
        Add(set.TouchMany?.Text, StatementKind.TouchMany);
        Add(set.FindTouched?.Text, StatementKind.FindTouched);
        Add(set.ReadLifetime.Text, StatementKind.ReadLifetime);
        Add(set.Remove.Text, StatementKind.Remove);
        Add(set.RemoveExpired.Text, StatementKind.RemoveExpired);
    }

    public static StatementTexts Of(Setting setting) => Known.GetOrAdd((setting.TouchesMany, setting.Shares, setting.Counts), _ => new StatementTexts(setting));

    public IReadOnlyList<string> ColumnNames { get; }

    public Statement this[string text] =>
        _statements.TryGetValue(text, out var statement) ? statement : throw World.Current.NotSimulated($"the statement {text}");

    private void Add(GuardedStatement guarded, StatementKind kind)
    {
        Add(guarded.Alone.Text, kind);
        _statements.Add(guarded.AndCommit.Text, new Statement(kind, Commits: true));
    }

    private void Add(string? text, StatementKind kind)
    {
        if (text is not null)
            _statements.Add(text, new Statement(kind));
    }
}

/// <summary>What a text means.</summary>
internal sealed record Statement(StatementKind Kind, bool Commits = false)
{
    /// <summary>Whether it writes a row only if that has not changed.</summary>
    public bool IsGuarded => Kind is StatementKind.Insert or StatementKind.Update or StatementKind.Replace or StatementKind.UpdateValue or StatementKind.UpdateExpiry;

    /// <summary>Whether it waits for the lock of its row.</summary>
    public bool NeedsLock => IsGuarded || Kind is StatementKind.BeginAndRead or StatementKind.Upsert or StatementKind.Touch or StatementKind.Remove;

    /// <summary>
    /// Whether a server may execute it long after its client has given up. Not if it needs no row: no guard can tell such a
    /// straggler from a session begun anew. So the documentation asks for servers without them.
    /// </summary>
    public bool MayStraggle => Kind == StatementKind.UpdateMany
        || (NeedsLock && Kind is not (StatementKind.Insert or StatementKind.Upsert or StatementKind.BeginAndRead));

    public override string ToString() => Commits ? $"{Kind} and commit" : $"{Kind}";
}

/// <summary>Every statement that the product sends.</summary>
internal enum StatementKind
{
    Describe,
    Create,
    Read,
    ReadMany,
    BeginAndRead,
    RollBack,
    Insert,
    InsertMany,
    Update,
    UpdateMany,
    Replace,
    UpdateValue,
    UpdateExpiry,
    Upsert,
    Touch,
    TouchMany,
    FindTouched,
    ReadLifetime,
    Remove,
    RemoveExpired,
}
