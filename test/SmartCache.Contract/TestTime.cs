namespace SmartCache.Contract;

/// <summary>What tests ask of a clock that moves when they say so.</summary>
public static class TestTime
{
    /// <summary>A clock at the moment where most tests begin.</summary>
    public static FakeTimeProvider New() => new(new DateTimeOffset(2030, 1, 2, 3, 4, 5, 678, TimeSpan.Zero));

    extension(TimeProvider time)
    {
        /// <summary>The moment as rows hold it: UTC Unix milliseconds.</summary>
        public long Milliseconds => time.GetUtcNow().ToUnixTimeMilliseconds();
    }
}
