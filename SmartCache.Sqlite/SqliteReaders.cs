using System.Diagnostics.CodeAnalysis;
using SmartCache.Primitives;

namespace SmartCache.Sqlite;

/// <summary>
/// The connections that only read, as many as work at the same time, kept open with their prepared statements. The last one returned is
/// taken first, so that those that a quiet hour does not need grow old and are closed.
/// </summary>
internal sealed class SqliteReaders(SqliteFile file)
{
    private const long MaxIdleMs = 3 * 60_000;

    private readonly Lock _lock = new();
    private readonly List<(StoreConnection Connection, long Since)> _idle = [];
    private int _atWork;
    private Action? _ended;

    public int AtWork => Volatile.Read(ref _atWork);

    /// <returns>
    /// False if the writer has to run the work: the readers are closed, or one failed in a way that a replaced file may cause.
    /// </returns>
    public bool TryRun<TResult>(Func<StoreConnection, ValueTask<TResult>> work, [MaybeNullWhen(false)] out TResult result)
    {
        result = default;
        if (!TryTake(out var reader))
            return false;

        try
        {
            reader ??= file.OpenReader();
            result = work(reader).TakeResult();
            return true;
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode is raw.SQLITE_CANTOPEN or raw.SQLITE_NOTADB or raw.SQLITE_IOERR or raw.SQLITE_ERROR)
        {
            return false;
        }
        finally
        {
            GiveBack(reader);
        }
    }

    /// <summary>Closes idle connections now, and the others when their work has ended.</summary>
    /// <param name="ended">Called when all are closed.</param>
    public void Close(Action ended)
    {
        StoreConnection[] idle;
        bool hasEnded;
        lock (_lock)
        {
            _ended = ended;
            idle = [.. _idle.Select(static entry => entry.Connection)];
            _idle.Clear();
            hasEnded = _atWork == 0;
        }

        Array.ForEach(idle, static connection => connection.Connection.Dispose());
        if (hasEnded)
            ended();
    }

    /// <returns>False if the readers are closed. The reader is null if one has to be opened.</returns>
    private bool TryTake(out StoreConnection? reader)
    {
        lock (_lock)
        {
            reader = null;
            if (_ended is not null)
                return false;

            _atWork++;
            if (_idle.Count > 0)
            {
                reader = _idle[^1].Connection;
                _idle.RemoveAt(_idle.Count - 1);
            }

            return true;
        }
    }

    private void GiveBack(StoreConnection? reader)
    {
        var old = reader;
        lock (_lock)
        {
            if (_ended is null && reader is not null)
            {
                var now = Environment.TickCount64;
                old = null;
                _idle.Add((reader, now));
                if (_idle[0].Since < now - MaxIdleMs)
                {
                    old = _idle[0].Connection;
                    _idle.RemoveAt(0);
                }
            }

            if (old is null && _ended is null)
            {
                _atWork--;
                return;
            }
        }

        // The work ends only when its connection is closed.
        old?.Connection.Dispose();
        Action? ended;
        lock (_lock)
        {
            ended = --_atWork == 0 ? _ended : null;
        }

        ended?.Invoke();
    }
}
