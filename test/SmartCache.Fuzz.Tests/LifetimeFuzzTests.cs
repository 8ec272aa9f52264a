using SmartCache.Primitives;

namespace SmartCache.Fuzz;

/// <summary>Whatever window and touches a row has: touching moves its expiry forward within its bounds, or not at all.</summary>
public sealed class LifetimeFuzzTests
{
    [Test]
    public void Touching_is_forward_only_bounded_and_repeatable() => Cases.Run(static random =>
    {
        var (expires, span, first) = (random.Size(2_000) + 1, random.Size(500) + 1, random.Size(2_000) + 1);
        var before = new Lifetime(expires, span, random.Chance(0.5) ? expires + (span / 2) : null);
        var last = first + random.Next(7);

        var after = before.Touched(new TouchSpan(first, last));

        Assert.That(after.ExpiresAt, Is.InRange(before.ExpiresAt, before.AbsoluteAt ?? long.MaxValue));
        Assert.That(after.Touched(new TouchSpan(first, last)), Is.EqualTo(after), "repeatable");
        Assert.That(before.IsLiveAt(first) || after == before, "no revival");
    });
}
