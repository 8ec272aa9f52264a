namespace SmartCache.Contract.Web;

/// <summary>What a request does with its session.</summary>
public enum SessionUse
{
    Untouched,

    Read,

    Changed,
}
