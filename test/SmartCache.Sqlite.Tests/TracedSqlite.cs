using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace SmartCache.Sqlite.Tests;

/// <summary>Opens connections that tell SQLite's own account of every statement that runs on them.</summary>
public sealed class TracedSqlite(string connectionString) : DbDataSource
{
    private readonly ConcurrentQueue<string> _statements = [];

    /// <summary>Called with every statement, on the thread that runs it.</summary>
    public Action<string>? Traced { get; init; }

    public override string ConnectionString => connectionString;

    /// <summary>The statements that ran since the last call, transactions apart.</summary>
    public IReadOnlyList<string> Take() =>
        [.. TakeAll().Where(static text => !text.StartsWith("BEGIN", StringComparison.Ordinal) && text != "COMMIT")];

    /// <summary>All that ran since the last call.</summary>
    public IReadOnlyList<string> TakeAll()
    {
        string[] statements = [.. _statements];
        _statements.Clear();
        return statements;
    }

    protected override DbConnection CreateDbConnection() => new Connection(connectionString, text =>
    {
        _statements.Enqueue(text);
        Traced?.Invoke(text);
    });

    private sealed class Connection(string connectionString, Action<string> traced) : SqliteConnection(connectionString)
    {
        public override void Open()
        {
            base.Open();
            raw.sqlite3_trace(Handle, (_, text) => traced(text.TrimStart()), null);
        }
    }
}
