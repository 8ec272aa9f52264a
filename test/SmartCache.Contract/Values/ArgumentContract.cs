using System.Buffers;

namespace SmartCache.Contract.Values;

/// <summary>Wrong arguments get the exceptions .NET developers expect, and touch no row.</summary>
[NewestRelease]
[StyleVariants(differ: true)]
public abstract class ArgumentContract<TEngine>(CallStyle style) : StyledContract<TEngine>(style)
    where TEngine : TestEngine, new()
{
    [TearDown]
    public void Nothing_was_written() => Assert.That(Table.Count(), Is.Zero);

    [Test]
    public void A_missing_argument_is_refused()
    {
        Assert.That(() => Cache.GetAsync(null!), Throws.ArgumentNullException);
        Assert.That(() => Cache.SetAsync(null!, [1], Expires.ByDefault), Throws.ArgumentNullException);
        Assert.That(() => Cache.RefreshAsync(null!), Throws.ArgumentNullException);
        Assert.That(() => Cache.RemoveAsync(null!), Throws.ArgumentNullException);
        Assert.That(() => Cache.SetAsync("key", null!, Expires.ByDefault), Throws.ArgumentNullException);
        Assert.That(() => Cache.SetAsync("key", [1], null!), Throws.ArgumentNullException);
        Assert.That(async () => await Cache.SetAsync("key", new ReadOnlySequence<byte>([1]), null!), Throws.ArgumentNullException);
        Assert.That(async () => await Cache.TryGetAsync("key", null!), Throws.ArgumentNullException);
    }

    [Test]
    public void An_empty_key_and_one_with_half_of_a_surrogate_pair_are_refused()
    {
        foreach (var key in new[] { "", "half \ud800 pair" })
        {
            Assert.That(() => Cache.GetAsync(key), Throws.ArgumentException);
            Assert.That(() => Cache.SetAsync(key, [1], Expires.ByDefault), Throws.ArgumentException);
            Assert.That(() => Cache.RefreshAsync(key), Throws.ArgumentException);
            Assert.That(() => Cache.RemoveAsync(key), Throws.ArgumentException);
        }
    }

    [TestCase(-3_600_000)]
    [TestCase(0)]
    public void An_absolute_expiration_that_is_not_in_the_future_is_refused(int milliseconds)
    {
        var options = Expires.At(Time.GetUtcNow().AddMilliseconds(milliseconds));

        Assert.That(
            () => Cache.SetAsync("key", [1], options),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains(nameof(DistributedCacheEntryOptions.AbsoluteExpiration)));
    }
}
