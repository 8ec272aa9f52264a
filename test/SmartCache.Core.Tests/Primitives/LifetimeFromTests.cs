using Microsoft.Extensions.Caching.Distributed;
using SmartCache.Primitives;

namespace SmartCache.Core.Tests.Primitives;

public sealed class LifetimeFromTests
{
    private const long Now = 1_700_000_000_000;
    private const long Minute = 60_000;
    private static readonly TimeSpan Default = TimeSpan.FromMinutes(20);

    [Test]
    public void Without_any_expiration_the_default_window_slides() =>
        Assert.That(From(new()), Is.EqualTo(new Lifetime(Now + (20 * Minute), 20 * Minute, null)));

    [Test]
    public void A_sliding_expiration_begins_now() =>
        Assert.That(From(new() { SlidingExpiration = TimeSpan.FromMinutes(5) }), Is.EqualTo(new Lifetime(Now + (5 * Minute), 5 * Minute, null)));

    [Test]
    public void An_absolute_or_relative_expiration_is_a_moment_that_does_not_slide()
    {
        var expected = new Lifetime(Now + Minute, null, Now + Minute);

        Assert.That(From(new() { AbsoluteExpiration = At(Now + Minute) }), Is.EqualTo(expected));
        Assert.That(From(new() { AbsoluteExpiration = At(Now + Minute).ToOffset(TimeSpan.FromHours(9)) }), Is.EqualTo(expected), "in any time zone");
        Assert.That(From(new() { AbsoluteExpirationRelativeToNow = TimeSpan.FromMinutes(1) }), Is.EqualTo(expected));
        Assert.That(From(new() { AbsoluteExpiration = At(Now + 1) }).ExpiresAt, Is.EqualTo(Now + 1), "the next millisecond is in the future");
    }

    [Test]
    public void A_relative_expiration_goes_before_an_absolute_one() =>
        Assert.That(
            From(new() { AbsoluteExpiration = At(Now + Minute), AbsoluteExpirationRelativeToNow = TimeSpan.FromMinutes(2) }).AbsoluteAt,
            Is.EqualTo(Now + (2 * Minute)));

    [TestCase(1, 5, 1)]
    [TestCase(5, 1, 1)]
    [TestCase(3, 3, 3)]
    public void Of_two_expirations_the_earlier_counts_and_both_are_kept(int sliding, int absolute, int expected) =>
        Assert.That(
            From(new() { SlidingExpiration = TimeSpan.FromMinutes(sliding), AbsoluteExpiration = At(Now + (absolute * Minute)) }),
            Is.EqualTo(new Lifetime(Now + (expected * Minute), sliding * Minute, Now + (absolute * Minute))));

    [TestCase(0)]
    [TestCase(-1)]
    [TestCase(-Now)]
    public void An_absolute_expiration_that_is_not_in_the_future_is_refused(long fromNow) =>
        Assert.That(
            () => From(new() { AbsoluteExpiration = At(Now + fromNow) }),
            Throws.TypeOf<ArgumentOutOfRangeException>()
                .With.Property("ParamName").EqualTo(nameof(DistributedCacheEntryOptions.AbsoluteExpiration))
                .And.Property("ActualValue").EqualTo(At(Now + fromNow))
                .And.Message.StartsWith("The absolute expiration value must be in the future."));

    [Test]
    public void A_window_below_a_millisecond_still_is_one()
    {
        Assert.That(From(new() { SlidingExpiration = TimeSpan.FromTicks(1) }), Is.EqualTo(new Lifetime(Now + 1, 1, null)));
        Assert.That(From(new() { AbsoluteExpirationRelativeToNow = TimeSpan.FromTicks(1) }).ExpiresAt, Is.EqualTo(Now + 1));
        Assert.That(From(new() { SlidingExpiration = TimeSpan.FromTicks(10_001) }).SlidingMs, Is.EqualTo(2));
        Assert.That(From(new() { SlidingExpiration = TimeSpan.FromTicks(20_000) }).SlidingMs, Is.EqualTo(2));
    }

    [Test]
    public void The_longest_spans_do_not_overflow()
    {
        var longest = (TimeSpan.MaxValue.Ticks / TimeSpan.TicksPerMillisecond) + 1;

        Assert.That(From(new() { SlidingExpiration = TimeSpan.MaxValue }), Is.EqualTo(new Lifetime(Now + longest, longest, null)));
        Assert.That(From(new() { AbsoluteExpirationRelativeToNow = TimeSpan.MaxValue }).ExpiresAt, Is.EqualTo(Now + longest));
        Assert.That(From(new() { AbsoluteExpiration = DateTimeOffset.MaxValue }).ExpiresAt, Is.EqualTo(DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()));
        Assert.That(Lifetime.From(new(), Now, TimeSpan.MaxValue).ExpiresAt, Is.EqualTo(Now + longest));
    }

    private static Lifetime From(DistributedCacheEntryOptions options) => Lifetime.From(options, Now, Default);

    private static DateTimeOffset At(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}
