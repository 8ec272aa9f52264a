using SmartCache.Simulation.Nodes;

namespace SmartCache.Simulation.Scheduling;

/// <summary>Whoever takes steps: a request, a node's background work, the database server. Follows the flow of asynchronous calls.</summary>
internal sealed class Actor(string name, SimulatedNode? node)
{
    private static readonly AsyncLocal<Actor?> Ambient = new();

    public static Actor Current => Ambient.Value ?? throw new InvalidOperationException("Code of the product ran outside of the simulation.");

    public SimulatedNode? Node => node;

    /// <summary>The payload that it stores just now, for the server's flaw that puts it in place of what it is sent.</summary>
    public byte[]? Stores { get; set; }

    /// <summary>The clock that the actor goes by.</summary>
    public TimeProvider Time => node?.Time ?? World.Current.Time.Of(TimeSpan.Zero);

    /// <summary>Runs something as this actor, up to where it first waits.</summary>
    public void Do(Action action)
    {
        var before = Ambient.Value;
        Ambient.Value = this;
        try
        {
            action();
        }
        finally
        {
            Ambient.Value = before;
        }
    }

    public override string ToString() => name;
}
