using System.Runtime.ExceptionServices;
using System.Text;
using SmartCache.Payloads;

namespace SmartCache.Rows;

/// <summary>What a row is to a session.</summary>
internal enum RowKind
{
    /// <summary>There is no row.</summary>
    Absent,

    /// <summary>A session.</summary>
    Session,

    /// <summary>Bytes that the cache does not interpret.</summary>
    Opaque,

    /// <summary>A ticket of cookie authentication.</summary>
    Ticket,

    /// <summary>A session by its format, but not by its bytes, for example because someone truncated the column.</summary>
    Damaged,

    /// <summary>Encrypted, and this node cannot decrypt it. While it is live no one may overwrite it; then it counts as absent.</summary>
    Unreadable,
}

/// <summary>What became of a write whose answer was lost.</summary>
internal enum WriteFate
{
    /// <summary>It has not landed and never will: the row is no longer what the write was meant for.</summary>
    NotLanded,
    Landed,

    /// <summary>The row is still what the write was meant for: it has not landed, but may yet.</summary>
    MayYetLand,

    /// <summary>It will not land any more. The row does not tell whether it has.</summary>
    Unknown,
}

/// <summary>A row as it was read or written, whatever its expiry: one type from the reader to the merge.</summary>
internal sealed record Row
{
    public static readonly Row Absent = new();

    private RowKind _kind;
    private SessionPayload? _session;
    private long _expiresAt;

    public RowKind Kind { get => _kind; init => _kind = value; }

    /// <summary>The stored bytes, decrypted.</summary>
    public byte[] Value { get; init; } = [];

    /// <summary>What the bytes are: a <see cref="RowFormat"/>.</summary>
    public int Format { get; init; }

    /// <summary>The session, if the row is one.</summary>
    public SessionPayload? Session { get => _session; init => _session = value; }

    public long Version { get; init; }

    /// <summary>The lifetime in the row's columns.</summary>
    public Lifetime Stored { get; init; }

    /// <summary>The same after this node's touches that are not yet written.</summary>
    public Lifetime Effective { get => Stored with { ExpiresAt = _expiresAt }; init => _expiresAt = value.ExpiresAt; }

    /// <summary>The row's recent versions, if a merge rule needs them.</summary>
    public RecentVersions Recent { get; init; }

    /// <summary>Whose session the row is; null if it has no owner, or if owners are not in use.</summary>
    public string? Owner { get; init; }

    /// <summary>Whether the row still has its plain key although keys are hashed.</summary>
    public bool IsUnderPlainKey { get; init; }

    /// <summary>Whether the value is not encrypted although values are to be.</summary>
    public bool IsUnprotected { get; init; }

    /// <summary>Whether the row shows to a reader of the table what the options hide.</summary>
    public bool IsExposed => IsUnderPlainKey || IsUnprotected;

    /// <summary>Why the value cannot be decrypted; null if it can, or is not encrypted.</summary>
    public Exception? Failure { get; init; }

    /// <summary>
    /// Takes in a row of the SELECT. There are two only if a node that does not hash keys has written beside one that does: the
    /// hashed one counts.
    /// </summary>
    public static Row? Read(Row? other, DbDataReader row) => Read(other, row, isUnderPlainKey: row.FieldCount > 7 && row.GetInt32(7) != 0);

    /// <inheritdoc cref="Read(Row?, DbDataReader)"/>
    public static Row? Read(Row? other, DbDataReader row, bool isUnderPlainKey)
    {
        if (other is { IsUnderPlainKey: false })
            return other;

        var lifetime = ReadLifetime(row, 3);
        return new Row
        {
            Value = row.GetFieldValue<byte[]>(0),
            Format = row.GetInt32(1),
            Version = row.GetInt64(2),
            Stored = lifetime,
            Effective = lifetime,
            Recent = row.FieldCount == 6 || row.IsDBNull(6) ? default : new RecentVersions(row.GetFieldValue<byte[]>(6)),
            IsUnderPlainKey = isUnderPlainKey,
            Owner = row.FieldCount > 8 ? ReadText(row, 8) : null,
        };
    }

    /// <summary>Expiry, sliding window and absolute expiry, from a column on.</summary>
    public static Lifetime ReadLifetime(DbDataReader row, int first)
    {
        long? Nullable(int column) => row.IsDBNull(column) ? null : row.GetInt64(column);
        return new Lifetime(row.GetInt64(first), Nullable(first + 1), Nullable(first + 2));
    }

    /// <summary>A text, which some engines store as bytes.</summary>
    private static string? ReadText(DbDataReader row, int column) => row.GetValue(column) switch
    {
        string text => text,
        byte[] bytes => Encoding.UTF8.GetString(bytes),
        _ => null,
    };

    /// <summary>Finds out what a row is that was just read. It completes the row itself: no one else has it yet.</summary>
    /// <exception cref="NotSupportedException">This version does not know the format: a newer one may have written it.</exception>
    public Row Parsed(CacheKey key)
    {
        _kind = this switch
        {
            { Failure: not null } => RowKind.Unreadable,
            { Format: RowFormat.Opaque } => RowKind.Opaque,
            { Format: RowFormat.Ticket } => RowKind.Ticket,
            { Format: RowFormat.Session or RowFormat.SessionJson } => RowFormat.TryDecode(Format, Value, out _session) ? RowKind.Session : RowKind.Damaged,
            _ => throw new NotSupportedException(
                $"The row of the key with hash {key} has format {Format}, which this version of SmartCache does not know. The row was left unchanged."),
        };
        return this;
    }

    /// <summary>Takes in touches that the columns may not show. Like <see cref="Parsed"/>, it completes a row that was just read.</summary>
    public Row With(params ReadOnlySpan<UnwrittenTouches> touches)
    {
        if (Kind != RowKind.Absent)
            _expiresAt = Stored.Touched(touches).ExpiresAt;

        return this;
    }

    public bool IsLiveAt(long now) => Kind != RowKind.Absent && Effective.IsLiveAt(now);

    /// <exception cref="Exception">The row is live but cannot be decrypted.</exception>
    public void ThrowIfUnreadableAt(long now)
    {
        if (Failure is not null && IsLiveAt(now))
            ExceptionDispatchInfo.Throw(Failure);
    }

    /// <summary>What became of a write of one version that was meant for a row of another.</summary>
    /// <param name="version">The version that the write gives the row.</param>
    /// <param name="over">The version that it was meant to overwrite.</param>
    /// <param name="keepsVersions">Whether rows keep their recent versions.</param>
    public WriteFate FateOf(long version, long over, bool keepsVersions) =>
        Kind == RowKind.Session && (Version == version || Recent.Contains(version)) ? WriteFate.Landed
        : Version == over ? WriteFate.MayYetLand
        : Kind != RowKind.Session || (keepsVersions && (!Recent.IsFull || Recent.Contains(over))) ? WriteFate.NotLanded
        : WriteFate.Unknown;
}
