namespace SmartCache.Benchmarks.Sessions;

/// <summary>The sessions that are in the table from the start, the same in every run.</summary>
internal sealed class Population
{
    public Population(int count, SamplePayload payload)
    {
        var random = new Random(2);
        Keys = [.. Enumerable.Range(0, count).Select(_ => SessionKeys.Create(random, SessionKeys.Seeded))];
        Payload = payload;
    }

    public IReadOnlyList<string> Keys { get; }

    public SamplePayload Payload { get; }
}
