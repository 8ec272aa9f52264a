namespace SmartCache.Storage;

/// <summary>A value that statements take, by the name it has in their text.</summary>
internal enum Parameter
{
    Crc,
    Key,
    PlainCrc,
    PlainKey,
    LegacyKey,
    Value,
    Format,
    Version,
    OldVersion,
    RecentStamps,
    ExpiresAt,
    SlidingMs,
    AbsoluteAt,
    Now,
    First,
    Last,
    Touches,
    FromCrc,
    ToCrc,
    Limit,
}
