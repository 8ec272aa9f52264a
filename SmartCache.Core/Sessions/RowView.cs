using System.Runtime.ExceptionServices;
using SmartCache.Expiration;
using SmartCache.Keys;
using SmartCache.Storage;

namespace SmartCache.Sessions;

/// <summary>A row as a session store sees it.</summary>
/// <param name="Kind">What the row is.</param>
/// <param name="Session">The payload of a session.</param>
/// <param name="Version">The stamp it was read with.</param>
/// <param name="Stored">The lifetime its columns say.</param>
/// <param name="Effective">The same with this node's accesses that are still to be written.</param>
/// <param name="Recent">The stamps of its last stores, where a merge rule needs them.</param>
internal sealed record RowView(
    RowKind Kind, SessionPayload? Session, long Version, Lifetime Stored, Lifetime Effective, RecentStamps Recent = default)
{
    /// <summary>Whether the row still stands under its plain key though keys are hashed.</summary>
    public bool IsUnderPlainKey { get; init; }

    /// <summary>Whether its value stands there in the clear though values are to be encrypted.</summary>
    public bool IsUnprotected { get; init; }

    /// <summary>Whether it shows who reads the table what the options mean to hide.</summary>
    public bool IsExposed => IsUnderPlainKey || IsUnprotected;

    /// <summary>Why an unreadable row is that.</summary>
    public Exception? Failure { get; init; }

    public static readonly RowView Absent = new(RowKind.Absent, null, 0, default, default);

    /// <exception cref="NotSupportedException">The format is none this version knows: a newer one may have written it.</exception>
    public static RowView Of(CacheRow? row, CacheKey key, AccessSpan[] accesses)
    {
        if (row is null)
        {
            return Absent;
        }

        SessionPayload? session = null;
        var kind = row switch
        {
            { Failure: not null } => RowKind.Unreadable,
            { Format: RowFormat.Opaque } => RowKind.Opaque,
            { Format: RowFormat.Session or RowFormat.SessionJson } => SessionEncoding.TryDecode(row.Format, row.Value, out session) ? RowKind.Session : RowKind.Damaged,
            _ => throw new NotSupportedException(
                $"The row of the key with hash {key} has format {row.Format}, which this version of SmartCache does not know. It was left as it is."),
        };
        return new RowView(kind, session, row.Version, row.Lifetime, row.Lifetime.Touched(accesses), row.Recent)
        {
            IsUnderPlainKey = row.IsUnderPlainKey,
            IsUnprotected = row.IsUnprotected,
            Failure = row.Failure,
        };
    }

    /// <summary>What has become of a write under a stamp that was sent to be written over another.</summary>
    /// <param name="stamp">Its own.</param>
    /// <param name="over">The other.</param>
    /// <param name="isListed">Whether rows keep the stamps of their last stores.</param>
    public WriteFate FateOf(long stamp, long over, bool isListed) =>
        Kind == RowKind.Session && (Version == stamp || Recent.Contains(stamp)) ? WriteFate.Landed
        : Version == over ? WriteFate.MayYetLand
        : Kind != RowKind.Session || (isListed && (!Recent.IsFull || Recent.Contains(over))) ? WriteFate.NotLanded
        : WriteFate.Unknown;

    public bool IsLiveAt(long now) => Kind != RowKind.Absent && Effective.IsLiveAt(now);

    /// <exception cref="Exception">The row is alive, but unreadable.</exception>
    public void ThrowIfUnreadableAt(long now)
    {
        if (Failure is not null && IsLiveAt(now))
        {
            ExceptionDispatchInfo.Throw(Failure);
        }
    }
}
