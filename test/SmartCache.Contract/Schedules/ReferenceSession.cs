namespace SmartCache.Contract.Schedules;

/// <summary>What a session's row holds, as the reference knows it.</summary>
internal sealed class ReferenceSession(int incarnation)
{
    /// <summary>Which life of the session this is.</summary>
    public int Incarnation { get; } = incarnation;

    public Dictionary<string, string> Entries { get; } = [];
}
