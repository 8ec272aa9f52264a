using SmartCache.Primitives;
using SmartCache.Touches;
using static SmartCache.Core.Tests.Touches.QueueScene;

namespace SmartCache.Core.Tests.Touches;

/// <summary>A row is written at most once per interval: a tenth of its window, at most a minute.</summary>
public sealed class TouchRhythmTests
{
    private readonly QueueScene _scene = new();

    [TestCase(100 * Second, 10 * Second)]
    [TestCase(10 * Minute, Minute)]
    [TestCase(20 * Minute, Minute)]
    [TestCase(24 * 60 * Minute, Minute)]
    public void The_interval_is_a_tenth_of_the_window_and_at_most_a_minute(long window, long interval)
    {
        _scene.Queue.Add(_scene.Key, Start + 1, Row(window: window));

        Assert.That(_scene.Take(Start + interval - 1), Is.Null);
        Assert.That(_scene.Take(Start + interval), Is.Not.Null);
    }

    [Test]
    public void The_interval_counts_from_the_touch_that_the_columns_know_of()
    {
        _scene.Queue.Add(_scene.Key, Start, Row(access: Start - (50 * Second)));

        Assert.That(_scene.Take(Start + (10 * Second) - 1), Is.Null);
        Assert.That(_scene.Take(Start + (10 * Second)), Is.EqualTo(Access(Start)));
    }

    [Test]
    public void All_touches_of_an_interval_are_one_touch_with_the_first_and_the_last()
    {
        foreach (var second in new[] { 30, 10, 50, 20 })
            _scene.Add(Start + (second * Second));

        Assert.That(_scene.Take(Start + Minute), Is.EqualTo(new TouchSpan(Start + (10 * Second), Start + (50 * Second))));
    }

    [Test]
    public void After_a_write_the_next_one_waits_for_an_interval()
    {
        _scene.Add(Start + (59 * Second));
        _scene.Flush(Start + Minute);
        _scene.Queue.Add(_scene.Key, Start + (70 * Second), null);

        Assert.That(_scene.Take(Start + (119 * Second) - 1), Is.Null);
        Assert.That(_scene.Take(Start + (119 * Second)), Is.EqualTo(Access(Start + (70 * Second))));
    }

    [Test]
    public void A_touch_every_second_for_twenty_minutes_makes_twenty_writes()
    {
        var writes = 0;
        for (var now = Start; now <= Start + (20 * Minute); now += Second)
        {
            _scene.Queue.Add(_scene.Key, now, now == Start ? Row() : null);
            writes += _scene.Flush(now) is null ? 0 : 1;
        }

        Assert.That(writes, Is.EqualTo(20));
    }

    [Test]
    public void A_row_at_its_absolute_expiry_is_not_written_more_often_than_others()
    {
        var writes = 0;
        var columns = Row(absolute: Start + Window + 1);
        for (var now = Start + 1; now <= Start + (15 * Minute); now += Second)
        {
            _scene.Queue.Add(_scene.Key, now, columns);
            if (_scene.Flush(now) is { } touch)
            {
                columns = columns.Touched(touch);
                writes++;
            }
        }

        Assert.That(writes, Is.LessThanOrEqualTo(15));
    }

    [Test]
    public void A_row_whose_expiry_no_touch_can_move_is_never_written()
    {
        _scene.Queue.Add(_scene.Key, Start, new Lifetime(Start + Minute, null, Start + Minute));
        _scene.Queue.Add(_scene.Key, Start, Row(absolute: Start + Minute));

        Assert.That(_scene.Take(Start + Minute, everything: true), Is.Null);
    }

    [TestCase(61 * Second, 1)]
    [TestCase((61 * Second) + 1, 0)]
    public void Near_the_end_of_its_life_a_row_does_not_wait_for_the_next_flush(long left, int urgent)
    {
        _scene.Add(Start + Window - left);

        Assert.That(_scene.UrgentCount, Is.EqualTo(urgent));
    }

    [Test]
    public void Near_the_end_of_its_life_a_row_is_due_within_its_interval_too()
    {
        // A window so short that its end is always near.
        _scene.Queue.Add(_scene.Key, Start + 1, Row(window: Second));

        Assert.That(_scene.Take(Start + 1), Is.EqualTo(Access(Start + 1)));
        Assert.That(_scene.UrgentCount, Is.EqualTo(1));
    }

    [Test]
    public void Once_written_a_row_is_no_longer_near_its_end()
    {
        _scene.Add(Start + Window - Second);
        _scene.Flush(Start + Window - Second);
        _scene.Queue.Add(_scene.Key, Start + Window, null);

        Assert.That(_scene.UrgentCount, Is.EqualTo(1));
        Assert.That(_scene.Take(Start + Window), Is.Null);
    }

    [Test]
    public void Two_rows_keep_their_own_rhythm()
    {
        var other = Primitives.TestKeys.Many(1).Single();
        _scene.Add(Start + 1);
        _scene.Queue.Add(other, Start + 1, Row(access: Start - (30 * Second)));

        Assert.That(_scene.Queue.Take(Start + (30 * Second), FlushScope.Due).Single().Key, Is.EqualTo(other));
        Assert.That(_scene.Queue.Take(Start + Minute, FlushScope.Due).Single().Key, Is.EqualTo(_scene.Key));
    }
}
