using System.Collections;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;

namespace SmartCache.Sqlite;

/// <summary>
/// A prepared SELECT and the rows of its present execution. Disposing it ends the execution, and the next one can begin. It has the
/// columns' types that the cache reads.
/// </summary>
internal sealed class SqliteRows : DbDataReader
{
    private readonly sqlite3 _connection;
    private readonly sqlite3_stmt _statement;
    private int _answer;
    private bool _isAtFirst;

    private SqliteRows(sqlite3 connection, sqlite3_stmt statement) =>
        (_connection, _statement, FieldCount) = (connection, statement, raw.sqlite3_column_count(statement));

    public override int FieldCount { get; }
    public override bool HasRows => throw new NotSupportedException();
    public override bool IsClosed => throw new NotSupportedException();
    public override int Depth => 0;
    public override int RecordsAffected => -1;
    public override object this[int ordinal] => GetValue(ordinal);
    public override object this[string name] => throw new NotSupportedException();

    /// <returns>Null if SQLite does not take the text, at least not now.</returns>
    public static SqliteRows? TryPrepare(sqlite3 connection, string text)
    {
        if (raw.sqlite3_prepare_v3(connection, text, raw.SQLITE_PREPARE_PERSISTENT, out var statement) == raw.SQLITE_OK)
            return new SqliteRows(connection, statement);

        statement.Dispose();
        return null;
    }

    /// <summary>Begins an execution. SQLite numbers parameters in the order of the text, as the cache does.</summary>
    /// <returns>False if it failed, and has ended.</returns>
    public bool TryFind(SqliteParameterCollection parameters)
    {
        for (var i = 0; i < parameters.Count; i++)
            Bind(i + 1, parameters[i].Value);

        _answer = raw.sqlite3_step(_statement);
        _isAtFirst = _answer is raw.SQLITE_ROW or raw.SQLITE_DONE;
        if (!_isAtFirst)
            Close();

        return _isAtFirst;
    }

    public override bool Read()
    {
        if (!_isAtFirst)
            _answer = raw.sqlite3_step(_statement);

        _isAtFirst = false;
        SqliteException.ThrowExceptionForRC(_answer, _connection);
        return _answer == raw.SQLITE_ROW;
    }

    public override bool NextResult() => false;

    public override bool IsDBNull(int ordinal) => raw.sqlite3_column_type(_statement, ordinal) == raw.SQLITE_NULL;

    public override bool GetBoolean(int ordinal) => GetInt64(ordinal) != 0;

    public override int GetInt32(int ordinal) => raw.sqlite3_column_int(_statement, ordinal);

    public override long GetInt64(int ordinal) => raw.sqlite3_column_int64(_statement, ordinal);

    public override string GetString(int ordinal) => raw.sqlite3_column_text(_statement, ordinal).utf8_to_string();

    public override T GetFieldValue<T>(int ordinal) =>
        typeof(T) == typeof(byte[]) ? (T)(object)raw.sqlite3_column_blob(_statement, ordinal).ToArray() : (T)GetValue(ordinal);

    public override object GetValue(int ordinal) => raw.sqlite3_column_type(_statement, ordinal) switch
    {
        raw.SQLITE_NULL => DBNull.Value,
        raw.SQLITE_INTEGER => GetInt64(ordinal),
        raw.SQLITE_FLOAT => raw.sqlite3_column_double(_statement, ordinal),
        raw.SQLITE_TEXT => GetString(ordinal),
        _ => raw.sqlite3_column_blob(_statement, ordinal).ToArray(),
    };

    /// <summary>Ends the execution, and with it the transaction that SQLite reads in.</summary>
    public override void Close() => raw.sqlite3_reset(_statement);

    /// <summary>Gives the statement up.</summary>
    public void Finish() => _statement.Dispose();

    public override byte GetByte(int ordinal) => throw new NotSupportedException();

    public override long GetBytes(int ordinal, long dataOffset, byte[]? buffer, int bufferOffset, int length) => throw new NotSupportedException();

    public override char GetChar(int ordinal) => throw new NotSupportedException();

    public override long GetChars(int ordinal, long dataOffset, char[]? buffer, int bufferOffset, int length) => throw new NotSupportedException();

    public override string GetDataTypeName(int ordinal) => throw new NotSupportedException();

    public override DateTime GetDateTime(int ordinal) => throw new NotSupportedException();

    public override decimal GetDecimal(int ordinal) => throw new NotSupportedException();

    public override double GetDouble(int ordinal) => throw new NotSupportedException();

    public override IEnumerator GetEnumerator() => throw new NotSupportedException();

    [return: DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicFields | DynamicallyAccessedMemberTypes.PublicProperties)]
    public override Type GetFieldType(int ordinal) => throw new NotSupportedException();

    public override float GetFloat(int ordinal) => throw new NotSupportedException();

    public override Guid GetGuid(int ordinal) => throw new NotSupportedException();

    public override short GetInt16(int ordinal) => throw new NotSupportedException();

    public override string GetName(int ordinal) => throw new NotSupportedException();

    public override int GetOrdinal(string name) => throw new NotSupportedException();

    public override int GetValues(object[] values) => throw new NotSupportedException();

    private void Bind(int number, object? value) => SqliteException.ThrowExceptionForRC(
        value switch
        {
            long integer => raw.sqlite3_bind_int64(_statement, number, integer),
            byte[] bytes => raw.sqlite3_bind_blob(_statement, number, bytes),
            string text => raw.sqlite3_bind_text(_statement, number, text),
            _ => throw new NotSupportedException($"The cache reads by no value of type {value?.GetType()}."),
        },
        _connection);
}
