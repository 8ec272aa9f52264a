namespace SmartCache.Sessions;

/// <summary>What a row means to a session store.</summary>
internal enum RowKind
{
    /// <summary>There is no row.</summary>
    Absent,

    /// <summary>A session payload.</summary>
    Session,

    /// <summary>Bytes that are nobody's business.</summary>
    Opaque,

    /// <summary>Said to be a session but not one, as when someone cut the column short.</summary>
    Damaged,

    /// <summary>Encrypted, and this node cannot decrypt it. While it is alive nobody may touch it, and then it is as good as absent.</summary>
    Unreadable,
}
