namespace SmartCache.Contract.Web;

/// <summary>What there is of a session when its browser sends several requests at once.</summary>
public enum SessionState
{
    /// <summary>A live row.</summary>
    Established,

    /// <summary>A cookie, but no row: nothing was stored yet, or the row was removed.</summary>
    New,

    /// <summary>A row that has expired.</summary>
    Expired,
}
