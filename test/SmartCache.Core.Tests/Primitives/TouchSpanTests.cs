using SmartCache.Primitives;

namespace SmartCache.Core.Tests.Primitives;

public sealed class TouchSpanTests
{
    [Test]
    public void A_span_grows_to_both_sides()
    {
        var span = new[] { 20, 10, 30, 25 }.Aggregate(default(TouchSpan), (span, access) => span.With(TouchSpan.At(access), window: 100));

        Assert.That(span, Is.EqualTo(new TouchSpan(10, 30)));
    }

    [Test]
    public void An_empty_span_adds_nothing()
    {
        Assert.That(default(TouchSpan).IsEmpty, Is.True);
        Assert.That(new TouchSpan(10, 30).With(default(TouchSpan), window: 1), Is.EqualTo(new TouchSpan(10, 30)));
        Assert.That(default(TouchSpan).With(default(TouchSpan), window: 1).IsEmpty, Is.True);
    }

    [TestCase(129, 10)]
    [TestCase(130, 130)]
    public void A_touch_that_found_the_row_dead_begins_anew(long access, long first)
    {
        var span = new TouchSpan(10, 30);

        Assert.That(span.With(TouchSpan.At(access), window: 100), Is.EqualTo(new TouchSpan(first, access)));
        Assert.That(TouchSpan.At(access).With(span, window: 100), Is.EqualTo(new TouchSpan(first, access)));
    }

    [TestCase(9, 10, 30)]
    [TestCase(20, 20, 30)]
    [TestCase(29, 29, 30)]
    public void What_is_later_than_a_moment_is_left(long moment, long first, long last) =>
        Assert.That(new TouchSpan(10, 30).After(moment), Is.EqualTo(new TouchSpan(first, last)));

    [TestCase(30)]
    [TestCase(31)]
    public void Nothing_is_left_of_a_span_that_is_over(long moment) =>
        Assert.That(new TouchSpan(10, 30).After(moment).IsEmpty, Is.True);
}
