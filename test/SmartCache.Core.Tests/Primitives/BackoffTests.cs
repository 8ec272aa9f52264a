using SmartCache.Primitives;

namespace SmartCache.Core.Tests.Primitives;

public sealed class BackoffTests
{
    private readonly SteppedTime _time = new();

    [Test]
    public void Each_failure_doubles_the_wait_up_to_a_minute()
    {
        var backoff = new Backoff(TimeSpan.FromSeconds(1));

        var waits = Enumerable.Range(0, 9).Select(_ => backoff.Next(_time).TotalSeconds);

        Assert.That(waits, Is.EqualTo(new[] { 1, 2, 4, 8, 16, 32, 60, 60, 60 }));
    }

    [Test]
    public void A_first_wait_of_more_than_a_minute_is_kept()
    {
        var backoff = new Backoff(TimeSpan.FromMinutes(5));

        Assert.That(backoff.Next(_time), Is.EqualTo(TimeSpan.FromMinutes(5)));
        Assert.That(backoff.Next(_time), Is.EqualTo(TimeSpan.FromMinutes(5)));
    }

    [Test]
    public void It_waits_from_the_failure_until_the_wait_is_over()
    {
        var backoff = new Backoff(TimeSpan.FromSeconds(1));
        Assert.That(backoff.IsWaiting(_time), Is.False);

        backoff.Next(_time);
        _time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.That(backoff.IsWaiting(_time), Is.True);

        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.That(backoff.IsWaiting(_time), Is.False);
    }

    [TestCase(-3_600)]
    [TestCase(3_600)]
    public void A_wall_clock_that_is_set_changes_no_wait(int seconds)
    {
        var backoff = new Backoff(TimeSpan.FromSeconds(1));
        backoff.Next(_time);
        _time.Step(TimeSpan.FromSeconds(seconds));
        Assert.That(backoff.IsWaiting(_time), Is.True);

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(backoff.IsWaiting(_time), Is.False);
    }

    [Test]
    public void A_success_ends_the_wait_and_the_next_failure_starts_anew()
    {
        var backoff = new Backoff(TimeSpan.FromSeconds(1));
        backoff.Next(_time);
        backoff.Next(_time);

        backoff.Reset();

        Assert.That(backoff.IsWaiting(_time), Is.False);
        Assert.That(backoff.Next(_time), Is.EqualTo(TimeSpan.FromSeconds(1)));
    }
}
