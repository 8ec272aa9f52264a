using SmartCache.Primitives;

namespace SmartCache.Core.Tests.Primitives;

public sealed class AccessSpanTests
{
    [Test]
    public void A_span_grows_to_both_sides()
    {
        var span = new[] { 20, 10, 30, 25 }.Aggregate(default(AccessSpan), (span, access) => span.With(AccessSpan.At(access), window: 100));

        Assert.That(span, Is.EqualTo(new AccessSpan(10, 30)));
    }

    [Test]
    public void An_empty_span_adds_nothing()
    {
        Assert.That(default(AccessSpan).IsEmpty, Is.True);
        Assert.That(new AccessSpan(10, 30).With(default(AccessSpan), window: 1), Is.EqualTo(new AccessSpan(10, 30)));
        Assert.That(default(AccessSpan).With(default(AccessSpan), window: 1).IsEmpty, Is.True);
    }

    [TestCase(129, 10)]
    [TestCase(130, 130)]
    public void A_touch_that_found_the_row_dead_begins_anew(long access, long first)
    {
        var span = new AccessSpan(10, 30);

        Assert.That(span.With(AccessSpan.At(access), window: 100), Is.EqualTo(new AccessSpan(first, access)));
        Assert.That(AccessSpan.At(access).With(span, window: 100), Is.EqualTo(new AccessSpan(first, access)));
    }

    [TestCase(9, 10, 30)]
    [TestCase(20, 20, 30)]
    [TestCase(29, 29, 30)]
    public void What_is_later_than_a_moment_is_left(long moment, long first, long last) =>
        Assert.That(new AccessSpan(10, 30).After(moment), Is.EqualTo(new AccessSpan(first, last)));

    [TestCase(30)]
    [TestCase(31)]
    public void Nothing_is_left_of_a_span_that_is_over(long moment) =>
        Assert.That(new AccessSpan(10, 30).After(moment).IsEmpty, Is.True);
}
