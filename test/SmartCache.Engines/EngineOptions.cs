namespace SmartCache.Engines;

/// <summary>What a caller may want to be different about a server that is started for it.</summary>
public sealed record EngineOptions
{
    /// <summary>Arguments added to the server's command line; the last one wins over what is there by default.</summary>
    /// <value>Each in the form <c>--name=value</c>, which all engines understand. Empty by default.</value>
    public IReadOnlyList<string> ServerArguments { get; init; } = [];

    /// <summary>Environment variables of the server process.</summary>
    /// <value>Empty by default.</value>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// The size in bytes of a disk of its own for the data folder of a server that is to run out of space
    /// (<see cref="SmallDisk.TryResizeAsync"/>). What is on it outlives the server's processes, and not the server's owner.
    /// </summary>
    /// <value>Null by default, for none. Needs root, and a server that is run from programs on this machine.</value>
    public long? DiskSize { get; init; }

    /// <summary>How long a server may take from its start until it lets a client log in.</summary>
    /// <value>One minute by default: a restart after a kill includes the engine's recovery.</value>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromMinutes(1);
}
