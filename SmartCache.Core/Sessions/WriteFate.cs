namespace SmartCache.Sessions;

/// <summary>What has become of a write whose answer was lost.</summary>
internal enum WriteFate
{
    /// <summary>It has not landed, and never will: the row is no longer what it was to be written over.</summary>
    NotLanded,
    Landed,

    /// <summary>The row is still what it was to be written over: it has not landed, but a straggler may.</summary>
    MayYetLand,

    /// <summary>It will not land any more. Whether it has, the row does not tell.</summary>
    Unknown,
}
