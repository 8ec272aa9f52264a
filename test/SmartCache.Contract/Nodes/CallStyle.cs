namespace SmartCache.Contract.Nodes;

/// <summary>Which half of the cache's interface a fixture calls.</summary>
public enum CallStyle
{
    Synchronous,
    Asynchronous,
}
