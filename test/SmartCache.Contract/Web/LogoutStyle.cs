namespace SmartCache.Contract.Web;

/// <summary>How an app does away with a session as a whole.</summary>
public enum LogoutStyle
{
    RemoveInARequest,

    RemoveOutsideOfRequests,

    Abandon,
}
