namespace RaceLab.Racing;

/// <summary>What became of one request's entry.</summary>
/// <param name="Name">The entry.</param>
/// <param name="IsAcknowledged">Whether the request was answered with 200.</param>
/// <param name="IsStored">Whether the session holds the entry afterwards.</param>
internal sealed record EntryFate(string Name, bool IsAcknowledged, bool IsStored)
{
    public bool IsLost => IsAcknowledged && !IsStored;
}
