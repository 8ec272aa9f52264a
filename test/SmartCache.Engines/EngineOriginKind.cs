namespace SmartCache.Engines;

/// <summary>The ways to a running server, in the order they are tried.</summary>
public enum EngineOriginKind
{
    /// <summary>A connection string in an environment variable; somebody else runs the server.</summary>
    ConnectionString,

    /// <summary>A container that was started for the caller.</summary>
    Docker,

    /// <summary>Programs that were on the machine already.</summary>
    Local,

    /// <summary>Programs that were installed because they were missing.</summary>
    Installed,
}
