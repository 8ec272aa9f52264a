namespace RaceLab.Racing;

/// <summary>How long a race is.</summary>
/// <param name="Rounds">Rounds, each with a session of its own.</param>
/// <param name="Requests">Concurrent requests in a round.</param>
internal sealed record RaceSettings(int Rounds, int Requests)
{
    public const int MinRounds = 1;
    public const int MaxRounds = 500;

    // One request alone races with nobody.
    public const int MinRequests = 2;
    public const int MaxRequests = 64;

    public static readonly RaceSettings Default = new(Rounds: 40, Requests: 8);

    public bool IsValid => Rounds is >= MinRounds and <= MaxRounds && Requests is >= MinRequests and <= MaxRequests;
}
