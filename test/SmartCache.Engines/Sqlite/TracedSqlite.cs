using System.Collections.Concurrent;
using System.Data.Common;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;

namespace SmartCache.Engines;

/// <summary>Opens connections on which SQLite itself reports every statement.</summary>
public sealed class TracedSqlite : DbDataSource
{
    private readonly ConcurrentQueue<string> _statements = [];
    private readonly SqliteTrace _trace;

    public TracedSqlite(string connectionString)
        : this(connectionString, new SqliteTrace())
    {
        _trace.Traced = text =>
        {
            _statements.Enqueue(text);
            Traced?.Invoke(text);
        };
    }

    internal TracedSqlite(string connectionString, SqliteTrace trace) => (ConnectionString, _trace) = (connectionString, trace);

    public override string ConnectionString { get; }

    /// <summary>Called with every statement, on the thread that runs it.</summary>
    public Action<string>? Traced { get; init; }

    /// <summary>The statements since the last call, without those of transactions.</summary>
    public IReadOnlyList<string> Take() =>
        [.. TakeAll().Where(static text => !text.StartsWith("BEGIN", StringComparison.Ordinal) && text != "COMMIT")];

    /// <summary>All statements since the last call.</summary>
    public IReadOnlyList<string> TakeAll()
    {
        string[] statements = [.. _statements];
        _statements.Clear();
        return statements;
    }

    protected override DbConnection CreateDbConnection() => new Connection(ConnectionString, _trace);

    private sealed class Connection(string connectionString, SqliteTrace trace) : SqliteConnection(connectionString)
    {
        public override void Open()
        {
            base.Open();
            trace.Watch(Handle!.DangerousGetHandle());
        }
    }
}

/// <summary>
/// Counts what SQLite reports on the connections that it watches: statements when they start, rows when they change. Plain
/// function pointers allocate nothing, so that counting does not disturb measurements.
/// </summary>
internal sealed unsafe partial class SqliteTrace
{
    private const string Library = "e_sqlite3";
    private const uint StatementStarts = 1; // SQLITE_TRACE_STMT

    // Never freed: a connection in the driver's pool goes on reporting.
    private readonly GCHandle _self;
    private long _statements;
    private long _transactionControl;
    private long _rowsWritten;

    public SqliteTrace() => _self = GCHandle.Alloc(this);

    public Counts Counts => new(Interlocked.Read(ref _statements), Interlocked.Read(ref _transactionControl), Interlocked.Read(ref _rowsWritten));

    /// <summary>Called with every statement, including its values.</summary>
    public Action<string>? Traced { get; set; }

    public void Watch(nint connection)
    {
        _ = TraceV2(connection, StatementStarts, &CountStatement, GCHandle.ToIntPtr(_self));
        _ = UpdateHook(connection, &CountRow, GCHandle.ToIntPtr(_self));
    }

    private static SqliteTrace Of(nint context) => (SqliteTrace)GCHandle.FromIntPtr(context).Target!;

    // https://sqlite.org/c3ref/trace_v2.html: the last argument is the statement's text, or a comment for a trigger's.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int CountStatement(uint code, nint context, nint statement, nint text)
    {
        var trace = Of(context);
        var (first, second) = (((byte*)text)[0], ((byte*)text)[1]);
        var isControl = (first, second) is ((byte)'B', (byte)'E') or ((byte)'C', (byte)'O') or ((byte)'R', _) or ((byte)'S', (byte)'A');
        if (isControl)
            Interlocked.Increment(ref trace._transactionControl);
        else if (first != (byte)'P')
            Interlocked.Increment(ref trace._statements);

        if (trace.Traced is { } traced)
        {
            var expanded = ExpandedSql(statement);
            traced(Marshal.PtrToStringUTF8(expanded == 0 ? text : expanded)!.TrimStart());
            Free(expanded);
        }

        return 0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void CountRow(nint context, int change, nint database, nint table, long row) => Interlocked.Increment(ref Of(context)._rowsWritten);

    [LibraryImport(Library, EntryPoint = "sqlite3_trace_v2")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial int TraceV2(nint connection, uint events, delegate* unmanaged[Cdecl]<uint, nint, nint, nint, int> callback, nint context);

    [LibraryImport(Library, EntryPoint = "sqlite3_update_hook")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial nint UpdateHook(nint connection, delegate* unmanaged[Cdecl]<nint, int, nint, nint, long, void> callback, nint context);

    [LibraryImport(Library, EntryPoint = "sqlite3_expanded_sql")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial nint ExpandedSql(nint statement);

    [LibraryImport(Library, EntryPoint = "sqlite3_free")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial void Free(nint memory);
}
