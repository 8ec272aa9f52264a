namespace SmartCache.Sessions;

/// <summary>What has become of a write whose answer was lost.</summary>
internal enum WriteFate
{
    NotLanded,
    Landed,

    /// <summary>So many stores came after it that its stamp would have had to go by now.</summary>
    Unknown,
}
