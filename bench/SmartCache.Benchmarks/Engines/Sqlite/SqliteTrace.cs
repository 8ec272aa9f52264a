using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SQLitePCL;

namespace SmartCache.Benchmarks.Engines.Sqlite;

/// <summary>
/// Counts what SQLite reports of the connections it watches: statements when they start, rows when they change. With
/// plain function pointers, so that counting allocates nothing and may go on while time is measured.
/// </summary>
internal static unsafe partial class SqliteTrace
{
    private const string Library = "e_sqlite3";
    private const uint StatementStarts = 1; // SQLITE_TRACE_STMT

    private static long _statements;
    private static long _transactionControl;
    private static long _rowsWritten;

    public static long Statements => Interlocked.Read(ref _statements);

    public static long TransactionControl => Interlocked.Read(ref _transactionControl);

    public static long RowsWritten => Interlocked.Read(ref _rowsWritten);

    public static void Watch(sqlite3 connection)
    {
        var handle = connection.DangerousGetHandle();
        _ = TraceV2(handle, StatementStarts, &CountStatement, 0);
        _ = UpdateHook(handle, &CountRow, 0);
    }

    // https://sqlite.org/c3ref/trace_v2.html: the last argument is the statement's text, or a comment for a trigger's.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int CountStatement(uint code, nint context, nint statement, nint text)
    {
        var (first, second) = (((byte*)text)[0], ((byte*)text)[1]);
        var isControl = (first, second) is ((byte)'B', (byte)'E') or ((byte)'C', (byte)'O') or ((byte)'R', _) or ((byte)'S', (byte)'A');
        if (isControl)
        {
            Interlocked.Increment(ref _transactionControl);
        }
        else if (first != (byte)'P')
        {
            Interlocked.Increment(ref _statements);
        }

        return 0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void CountRow(nint context, int change, nint database, nint table, long row) => Interlocked.Increment(ref _rowsWritten);

    [LibraryImport(Library, EntryPoint = "sqlite3_trace_v2")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial int TraceV2(nint connection, uint events, delegate* unmanaged[Cdecl]<uint, nint, nint, nint, int> callback, nint context);

    [LibraryImport(Library, EntryPoint = "sqlite3_update_hook")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial nint UpdateHook(nint connection, delegate* unmanaged[Cdecl]<nint, int, nint, nint, long, void> callback, nint context);
}
