using SmartCache.Engines.Servers;

namespace SmartCache.Engines.Replication;

/// <summary>A node's place in its group: the ports it is reached at by the others.</summary>
internal sealed record GaleraMember(string Name)
{
    public string Group { get; } = NewAddress();

    public string Changes { get; } = NewAddress();

    public string State { get; } = NewAddress();

    private static string NewAddress() => $"127.0.0.1:{FreePort.Next()}";
}
