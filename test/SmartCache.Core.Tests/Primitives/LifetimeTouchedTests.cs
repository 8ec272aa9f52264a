using SmartCache.Primitives;

namespace SmartCache.Core.Tests.Primitives;

public sealed class LifetimeTouchedTests
{
    private static readonly Lifetime Sliding = new(1_000, 100, null);

    [TestCase(950, 950, 1_050, TestName = "A touch restarts the window")]
    [TestCase(920, 950, 1_050, TestName = "Of several touches the last one counts")]
    [TestCase(999, 999, 1_099, TestName = "A touch in the last millisecond of a life counts")]
    [TestCase(999, 2_000, 2_100, TestName = "Touches of which the first found the row alive all count")]
    [TestCase(900, 900, 1_000, TestName = "The touch that the expiry knows of moves nothing")]
    [TestCase(800, 800, 1_000, TestName = "An earlier touch never moves the expiry back")]
    [TestCase(1_000, 1_000, 1_000, TestName = "A touch at the moment of expiry finds the row dead")]
    [TestCase(1_001, 1_050, 1_000, TestName = "A touch after the expiry revives nothing")]
    public void A_touch_moves_a_sliding_expiry_forward_or_not_at_all(long first, long last, long expected) =>
        Assert.That(Sliding.Touched(new TouchSpan(first, last)), Is.EqualTo(Sliding with { ExpiresAt = expected }));

    [TestCase(1_020, 1_020, TestName = "An expiry slides no further than the absolute one")]
    [TestCase(1_050, 1_050, TestName = "An expiry slides as far as the absolute one")]
    [TestCase(1_051, 1_050, TestName = "An absolute expiry that is far away does not matter")]
    [TestCase(1_000, 1_000, TestName = "An expiry that has come to the absolute one is fixed")]
    public void A_sliding_expiry_never_passes_the_absolute_one(long absolute, long expected) =>
        Assert.That((Sliding with { AbsoluteAt = absolute }).Touched(new TouchSpan(950, 950)).ExpiresAt, Is.EqualTo(expected));

    [Test]
    public void A_row_with_an_absolute_expiry_alone_is_never_moved()
    {
        var absolute = new Lifetime(1_000, null, 1_000);

        Assert.That(absolute.Touched(new TouchSpan(950, 950)), Is.EqualTo(absolute));
    }

    [Test]
    public void The_longest_window_does_not_overflow()
    {
        var longest = (long)TimeSpan.MaxValue.TotalMilliseconds;

        Assert.That(new Lifetime(2_000_000_000_000, longest, null).Touched(new TouchSpan(1_999_999_999_999, 1_999_999_999_999)).ExpiresAt, Is.EqualTo(1_999_999_999_999 + longest));
    }

    [TestCase(999, true)]
    [TestCase(1_000, false)]
    [TestCase(1_001, false)]
    public void A_row_is_alive_until_its_expiry(long now, bool isLive) => Assert.That(Sliding.IsLiveAt(now), Is.EqualTo(isLive));

    [Test]
    public void Only_a_window_that_can_still_move_is_not_fixed()
    {
        Assert.That(Sliding.IsFixed, Is.False);
        Assert.That((Sliding with { AbsoluteAt = 1_001 }).IsFixed, Is.False);
        Assert.That((Sliding with { AbsoluteAt = 1_000 }).IsFixed, Is.True);
        Assert.That(new Lifetime(1_000, null, 1_000).IsFixed, Is.True);
    }
}
