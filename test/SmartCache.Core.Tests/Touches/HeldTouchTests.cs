using SmartCache.Touches;
using static SmartCache.Core.Tests.Touches.QueueScene;

namespace SmartCache.Core.Tests.Touches;

/// <summary>A touch waits for the end of its request, which may say that it does not count.</summary>
public sealed class HeldTouchTests
{
    private const long Touch1 = Start + (2 * Minute);

    private readonly QueueScene _scene = new();

    [Test]
    public void A_flush_of_all_that_waits_leaves_what_a_running_request_holds()
    {
        _scene.Hold(Touch1);

        Assert.That(_scene.Queue.Take(Touch1 + Second, FlushScope.Waiting), Is.Empty);
        Assert.That(_scene.Take(Touch1 + Minute), Is.EqualTo(Access(Touch1)));
    }

    [Test]
    public void The_end_of_one_request_leaves_the_touch_of_another_held()
    {
        var first = _scene.Hold(Touch1);
        _scene.Hold(Touch1 + Second);

        _scene.Queue.Release(_scene.Key, Touch1, first, counts: false);

        Assert.That(_scene.Expiry(), Is.EqualTo(Touch1 + Second + Window));
        Assert.That(_scene.Take(Touch1 + Second), Is.Null);
    }

    [Test]
    public void A_request_is_waited_for_no_longer_than_half_of_what_is_left_of_the_life()
    {
        var late = Start + Window - (10 * Second);
        _scene.Hold(late);

        Assert.That(_scene.Take(late + (5 * Second) - 1), Is.Null);
        Assert.That(_scene.Take(late + (5 * Second)), Is.EqualTo(Access(late)));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void A_release_after_the_touch_was_written_takes_nothing_back(bool counts)
    {
        var hold = _scene.Hold(Touch1);
        _scene.Flush(Touch1 + Minute);

        _scene.Queue.Release(_scene.Key, Touch1, hold, counts);

        Assert.That(Row(Touch1).Touched(_scene.Queue.Unwritten(_scene.Key)).ExpiresAt, Is.EqualTo(Touch1 + Window));
    }

    [Test]
    public void A_release_after_the_touch_was_written_leaves_a_newer_hold_of_the_row_alone()
    {
        var old = _scene.Hold(Touch1);
        _scene.Flush(Touch1 + Minute);
        _scene.Queue.Hold(_scene.Key, Touch1 + (2 * Minute), Row(Touch1));

        _scene.Queue.Release(_scene.Key, Touch1, old, counts: false);

        Assert.That(_scene.Expiry(), Is.EqualTo(Touch1 + (2 * Minute) + Window));
    }

    [Test]
    public void A_request_that_outlives_its_row_in_the_queue_leaves_a_newer_hold_alone()
    {
        var old = _scene.Hold(Touch1);
        _scene.Flush(Touch1 + Minute);
        _scene.Flush(Touch1 + (2 * Minute));
        _scene.Queue.Hold(_scene.Key, Touch1 + (3 * Minute), Row(Touch1));

        _scene.Queue.Release(_scene.Key, Touch1, old, counts: false);

        Assert.That(_scene.Expiry(), Is.EqualTo(Touch1 + (3 * Minute) + Window));
    }

    [Test]
    public void A_request_on_a_session_that_was_removed_leaves_a_hold_of_the_next_session_alone()
    {
        var old = _scene.Hold(Touch1);
        _scene.Queue.Removed(_scene.Key);
        _scene.Hold(Touch1 + Second);

        _scene.Queue.Release(_scene.Key, Touch1, old, counts: false);

        Assert.That(_scene.Expiry(), Is.EqualTo(Touch1 + Second + Window));
    }

    [Test]
    public void A_row_whose_expiry_no_touch_can_move_is_not_held()
    {
        Assert.That(_scene.Queue.Hold(_scene.Key, Touch1, Row(absolute: Start + Minute)), Is.Null);
        Assert.That(_scene.Queue.Hold(_scene.Key, Touch1, Row() with { SlidingMs = null }), Is.Null);
    }

    [Test]
    public void A_save_leaves_the_touches_of_other_requests_held()
    {
        var hold = _scene.Hold(Touch1);
        _scene.Queue.Stored(_scene.Key, Touch1 + Second, Row(Touch1 + Second));

        _scene.Queue.Release(_scene.Key, Touch1, hold, counts: true);

        Assert.That(Row(Touch1 + Second).Touched(_scene.Queue.Unwritten(_scene.Key)), Is.EqualTo(Row(Touch1 + Second)), "the save was later");
    }
}
