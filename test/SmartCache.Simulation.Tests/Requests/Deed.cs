namespace SmartCache.Simulation.Requests;

/// <summary>One thing that an app does in a request.</summary>
internal sealed record Deed(DeedKind Kind, string Name = "", TimeSpan Time = default, int Place = 0)
{
    public override string ToString() => $"{Kind}{(Name.Length > 0 ? $" {Name}" : "")}{(Time > TimeSpan.Zero ? $" {Time.TotalSeconds} s" : "")}{(Kind == DeedKind.Count ? $" in place {Place}" : "")}";
}
