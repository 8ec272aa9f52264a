namespace SmartCache.Contract.Requests;

/// <summary>The two levels that matter to sessions: from Information on, the stock session reads again before it saves.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class LogLevelsAttribute() : ValuesAttribute(LogLevel.Warning, LogLevel.Information);

/// <summary>What a request does with its session.</summary>
public enum SessionUse
{
    Untouched,
    Read,
    Changed,
}

/// <summary>How an app does away with a session as a whole.</summary>
public enum LogoutStyle
{
    RemoveInARequest,
    RemoveOutsideOfRequests,
    Abandon,
}

/// <summary>How an app loads the session.</summary>
public enum LoadStyle
{
    /// <summary>By touching it: the stock session then reads the cache synchronously.</summary>
    Touch,
    LoadAsync,
}

/// <summary>What there is of a session when its browser sends several requests at once.</summary>
public enum SessionState
{
    Established,

    /// <summary>A cookie, but no row: nothing was saved yet, or the row was removed.</summary>
    New,

    Expired,
}
