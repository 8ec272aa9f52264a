namespace SmartCache.Engines;

/// <summary>A server, or a program needed to get one running, failed; the message ends with what it said last.</summary>
public sealed class EngineFailedException : Exception
{
    internal EngineFailedException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}

/// <summary>There is no server of this engine and no way to get one here; the message lists every way there is.</summary>
public sealed class EngineUnavailableException : Exception
{
    internal EngineUnavailableException(string message)
        : base(message)
    {
    }
}
