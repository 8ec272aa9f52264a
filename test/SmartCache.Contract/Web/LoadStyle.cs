namespace SmartCache.Contract.Web;

/// <summary>How an app loads the session.</summary>
public enum LoadStyle
{
    /// <summary>By touching it: the stock session then reads the cache synchronously.</summary>
    Touch,

    LoadAsync,
}
