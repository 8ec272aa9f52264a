using System.Text;
using SmartCache.Keys;

namespace SmartCache.Storage;

/// <summary>The values one execution of a statement takes; a statement picks those it names.</summary>
internal struct StatementArguments
{
    public CacheKey Key;
    public RowWrite Write;
    public long OldVersion;
    public long First;
    public long Last;
    public string? Touches;
    public long Now;
    public long FromCrc;
    public long ToCrc;
    public long Limit;

    public readonly object? this[Parameter parameter] => parameter switch
    {
        Parameter.Crc => (long)Key.Crc,
        Parameter.Key => Key.Bytes,
        Parameter.PlainCrc => (long)Key.PlainCrc,
        Parameter.PlainKey => Key.PlainBytes,
        Parameter.LegacyKey => Encoding.UTF8.GetString(Key.PlainBytes),
        Parameter.Value => Write.Value,
        Parameter.Format => Write.Format,
        Parameter.Version => Write.Version,
        Parameter.OldVersion => OldVersion,
        Parameter.RecentStamps => Write.Recent.Bytes,
        Parameter.ExpiresAt => Write.Lifetime.ExpiresAt,
        Parameter.SlidingMs => Write.Lifetime.SlidingMs,
        Parameter.AbsoluteAt => Write.Lifetime.AbsoluteAt,
        Parameter.Now => Now,
        Parameter.First => First,
        Parameter.Last => Last,
        Parameter.Touches => Touches,
        Parameter.FromCrc => FromCrc,
        Parameter.ToCrc => ToCrc,
        Parameter.Limit => Limit,
        _ => throw new ArgumentOutOfRangeException(nameof(parameter), parameter, null),
    };
}
