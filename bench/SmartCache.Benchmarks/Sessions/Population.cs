namespace SmartCache.Benchmarks.Sessions;

/// <summary>The sessions that are in the table from the start, the same in every run.</summary>
internal sealed class Population(IReadOnlyList<string> keys, SamplePayload payload)
{
    public Population(int count, SamplePayload payload)
        : this(Create(count), payload)
    {
    }

    public IReadOnlyList<string> Keys { get; } = keys;

    public SamplePayload Payload { get; } = payload;

    private static IReadOnlyList<string> Create(int count)
    {
        var random = new Random(2);
        return [.. Enumerable.Range(0, count).Select(_ => SessionKeys.Create(random, SessionKeys.Seeded))];
    }
}
