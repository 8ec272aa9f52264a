using System.Collections;
using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.Sqlite;

namespace SmartCache.Simulation;

/// <summary>A statement on its way to the simulated server and back. Its parameters are those of a driver.</summary>
internal sealed class SimulatedCommand(SimulatedConnection connection) : DbCommand
{
    [AllowNull]
    public override string CommandText { get; set; } = "";
    public override int CommandTimeout { get; set; }
    public override CommandType CommandType { get; set; } = CommandType.Text;
    public override bool DesignTimeVisible { get; set; }
    public override UpdateRowSource UpdatedRowSource { get; set; }
    protected override DbConnection? DbConnection { get; set; } = connection;
    protected override DbParameterCollection DbParameterCollection { get; } = new SqliteCommand().Parameters;
    protected override DbTransaction? DbTransaction { get; set; }

    public override void Prepare()
    {
    }

    public override void Cancel() => throw new NotSupportedException();

    public override int ExecuteNonQuery() => throw World.Current.NotSimulated("a synchronous caller that writes");

    public override async Task<int> ExecuteNonQueryAsync(CancellationToken cancellationToken) =>
        (await RoundTrip().RunAsync(cancellationToken)).Affected;

    public override object? ExecuteScalar() => throw new NotSupportedException();

    protected override DbParameter CreateDbParameter() => new SqliteParameter();

    protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior) => new SimulatedReader(RoundTrip().Run().Rows);

    protected override async Task<DbDataReader> ExecuteDbDataReaderAsync(CommandBehavior behavior, CancellationToken cancellationToken) =>
        new SimulatedReader((await RoundTrip().RunAsync(cancellationToken)).Rows);

    private RoundTrip RoundTrip()
    {
        var used = (SimulatedConnection)DbConnection!;
        return new RoundTrip(used, used.Server.Texts[CommandText], new Arguments(Parameters));
    }
}

/// <summary>The values that a statement was sent with.</summary>
internal sealed class Arguments
{
    private const string OfEach = "_array";

    private readonly Dictionary<string, object?> _values = [];

    public Arguments(DbParameterCollection parameters)
    {
        foreach (DbParameter parameter in parameters)
            _values.Add(parameter.ParameterName, parameter.Value is DBNull ? null : parameter.Value);
    }

    private Arguments(Dictionary<string, object?> values) => _values = values;

    /// <summary>The values of each row that the statement is about.</summary>
    public IReadOnlyList<Arguments> Each =>
    [
        .. Enumerable.Range(0, ((Array)_values["@key_array"]!).Length).Select(at => new Arguments(_values.ToDictionary(
            static value => value.Key.EndsWith(OfEach, StringComparison.Ordinal) ? value.Key[..^OfEach.Length] : value.Key,
            value => value.Key.EndsWith(OfEach, StringComparison.Ordinal) ? ((Array)value.Value!).GetValue(at) : value.Value))),
    ];

    /// <summary>The row's key as text.</summary>
    public string Key => System.Text.Encoding.UTF8.GetString((byte[])_values["@key"]!);

    /// <summary>The time that the statement was sent with, if any.</summary>
    public long? Now => (long?)_values.GetValueOrDefault("@now");
    public long this[string name] => (long)_values[name]!;

    public string Text(string name) => (string)_values[name]!;

    /// <summary>The row that an insert, an upsert or a whole update writes.</summary>
    public Row Row() => new(
        (byte[])_values["@value"]!, (int)_values["@format"]!, this["@version"], RecentVersions: null,
        this["@expires_at"], (long?)_values["@sliding_ms"], (long?)_values["@absolute_at"]);

    /// <summary>As <see cref="Row"/>, of a statement that leaves the expiry as it is, and the list of versions where it has none.</summary>
    public Row ValueOver(Row row) => row with
    {
        Value = (byte[])_values["@value"]!,
        Format = (int)_values["@format"]!,
        Version = this["@version"],
        RecentVersions = _values.TryGetValue("@recent_versions", out var versions) ? (byte[]?)versions : row.RecentVersions,
    };

    /// <summary>As <see cref="Row"/>, of a statement that leaves the value as it is.</summary>
    public Row ExpiryOver(Row row) => row with
    {
        ExpiresAt = this["@expires_at"],
        SlidingMs = (long?)_values["@sliding_ms"],
        AbsoluteAt = (long?)_values["@absolute_at"],
    };
}

/// <summary>Reads the rows of an answer, in the ways that the product uses.</summary>
internal sealed class SimulatedReader(object?[][] rows) : DbDataReader
{
    private int _at = -1;

    public override int Depth => 0;

    /// <summary>At least one: an answer without columns would be that of no query.</summary>
    public override int FieldCount => rows.Length == 0 ? 1 : rows[0].Length;
    public override bool HasRows => rows.Length > 0;
    public override bool IsClosed => false;
    public override int RecordsAffected => 0;
    public override object this[int ordinal] => GetValue(ordinal);
    public override object this[string name] => throw new NotSupportedException();

    public override bool Read() => ++_at < rows.Length;

    public override bool NextResult() => false;

    public override object GetValue(int ordinal) => rows[_at][ordinal] ?? DBNull.Value;

    public override bool IsDBNull(int ordinal) => rows[_at][ordinal] is null;

    public override int GetInt32(int ordinal) => (int)GetValue(ordinal);

    public override long GetInt64(int ordinal) => (long)GetValue(ordinal);

    public override string GetString(int ordinal) => (string)GetValue(ordinal);

    public override bool GetBoolean(int ordinal) => throw new NotSupportedException();

    public override byte GetByte(int ordinal) => throw new NotSupportedException();

    public override long GetBytes(int ordinal, long dataOffset, byte[]? buffer, int bufferOffset, int length)
    {
        var bytes = ((byte[])GetValue(ordinal)).AsSpan((int)dataOffset);
        bytes = bytes[..Math.Min(bytes.Length, length)];
        bytes.CopyTo(buffer.AsSpan(bufferOffset));
        return bytes.Length;
    }

    public override char GetChar(int ordinal) => throw new NotSupportedException();

    public override long GetChars(int ordinal, long dataOffset, char[]? buffer, int bufferOffset, int length) => throw new NotSupportedException();

    public override string GetDataTypeName(int ordinal) => throw new NotSupportedException();

    public override DateTime GetDateTime(int ordinal) => throw new NotSupportedException();

    public override decimal GetDecimal(int ordinal) => throw new NotSupportedException();

    public override double GetDouble(int ordinal) => throw new NotSupportedException();

    public override IEnumerator GetEnumerator() => throw new NotSupportedException();

    public override Type GetFieldType(int ordinal) => throw new NotSupportedException();

    public override float GetFloat(int ordinal) => throw new NotSupportedException();

    public override Guid GetGuid(int ordinal) => throw new NotSupportedException();

    public override short GetInt16(int ordinal) => throw new NotSupportedException();

    public override string GetName(int ordinal) => throw new NotSupportedException();

    public override int GetOrdinal(string name) => throw new NotSupportedException();

    public override int GetValues(object[] values) => throw new NotSupportedException();
}
