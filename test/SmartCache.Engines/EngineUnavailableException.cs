namespace SmartCache.Engines;

/// <summary>There is no server of this engine and no way to get one here; the message lists every way there is.</summary>
public sealed class EngineUnavailableException : Exception
{
    internal EngineUnavailableException(string message)
        : base(message)
    {
    }
}
