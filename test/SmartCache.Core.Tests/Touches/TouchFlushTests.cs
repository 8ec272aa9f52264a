using SmartCache.Primitives;
using SmartCache.Touches;
using static SmartCache.Core.Tests.Touches.QueueScene;

namespace SmartCache.Core.Tests.Touches;

/// <summary>What becomes of touches while they are being written, and when that fails.</summary>
public sealed class TouchFlushTests
{
    private const long Touch1 = Start + (2 * Minute);
    private const long Touch2 = Touch1 + (10 * Second);

    private readonly QueueScene _scene = new();

    [Test]
    public void A_queued_touch_counts_on_this_node_before_during_and_after_its_flush()
    {
        _scene.Add(Touch1);
        Assert.That(_scene.Expiry(), Is.EqualTo(Touch1 + Window));

        var touches = _scene.Queue.Take(Touch1, FlushScope.Due);
        Assert.That(_scene.Expiry(), Is.EqualTo(Touch1 + Window));

        _scene.Queue.Return(touches, areWritten: true, Touch1);
        Assert.That(Row(Touch1).Touched(_scene.Queue.Unwritten(_scene.Key)).ExpiresAt, Is.EqualTo(Touch1 + Window));
    }

    [Test]
    public void A_failed_flush_keeps_the_touches_for_a_later_one()
    {
        _scene.Add(Touch1);
        _scene.Queue.Return(_scene.Queue.Take(Touch1, FlushScope.Due), areWritten: false, retryAt: Touch1 + (5 * Second));

        Assert.That(_scene.Expiry(), Is.EqualTo(Touch1 + Window));
        Assert.That(_scene.Take(Touch1 + (5 * Second) - 1), Is.Null);
        Assert.That(_scene.Take(Touch1 + (5 * Second)), Is.EqualTo(Access(Touch1)));
    }

    [Test]
    public void A_touch_during_a_flush_is_kept_for_the_next_interval()
    {
        _scene.Add(Touch1);
        var touches = _scene.Queue.Take(Touch1, FlushScope.Due);
        _scene.Add(Touch2);
        _scene.Queue.Return(touches, areWritten: true, Touch2);

        Assert.That(_scene.Take(Touch1 + Minute - 1), Is.Null);
        Assert.That(_scene.Take(Touch1 + Minute), Is.EqualTo(Access(Touch2)));
    }

    [Test]
    public void A_touch_during_a_flush_that_fails_joins_those_that_failed()
    {
        _scene.Add(Touch1);
        var touches = _scene.Queue.Take(Touch1, FlushScope.Due);
        _scene.Add(Touch2);
        _scene.Queue.Return(touches, areWritten: false, Touch2);

        Assert.That(_scene.Take(Touch2), Is.EqualTo(new TouchSpan(Touch1, Touch2)));
    }

    [Test]
    public void What_is_being_written_is_not_taken_a_second_time()
    {
        _scene.Add(Touch1);
        _scene.Queue.Take(Touch1, FlushScope.Due);
        _scene.Add(Touch2);

        Assert.That(_scene.Take(Touch1 + (10 * Minute)), Is.Null);
        Assert.That(_scene.Take(Touch1 + (10 * Minute), everything: true), Is.Null);
    }

    [Test]
    public void A_touch_after_a_save_counts()
    {
        _scene.Add(Touch2);
        _scene.Queue.Stored(_scene.Key, Touch1, Row(Touch1));

        Assert.That(_scene.Take(Touch1 + Minute - 1), Is.Null, "the save itself began an interval");
        Assert.That(_scene.Take(Touch1 + Minute), Is.EqualTo(Access(Touch2)));
    }

    [Test]
    public void A_touch_to_a_removed_session_does_not_stretch_the_next_one()
    {
        _scene.Add(Touch1);
        var touches = _scene.Queue.Take(Touch1, FlushScope.Due);
        _scene.Queue.Removed(_scene.Key);
        _scene.Queue.Add(_scene.Key, Touch2, Row(Touch2 - Second, window: Minute));
        _scene.Queue.Return(touches, areWritten: false, Touch2);

        Assert.That(_scene.Take(Touch2 + Minute, everything: true), Is.EqualTo(Access(Touch2)));
    }

    [Test]
    public void Touches_are_taken_in_key_order()
    {
        foreach (var key in TestKeys.Many(300))
            _scene.Queue.Add(key, Touch1, key.Crc % 2 == 0 ? Row() : null);

        var keys = _scene.Queue.Take(Touch1, FlushScope.Due).ConvertAll(touch => touch.Key);

        Assert.That(keys, Has.Count.EqualTo(300));
        Assert.That(keys, Is.Ordered);
    }

    [Test]
    public void The_last_flush_takes_what_is_not_due_and_what_is_held()
    {
        var keys = TestKeys.Many(3);
        _scene.Queue.Add(keys[0], Start + Second, Row());
        _scene.Queue.Hold(keys[1], Start + Second, Row());
        _scene.Queue.Add(keys[2], Start + Second, null);

        Assert.That(_scene.Queue.Take(Start + Second, FlushScope.Last).ConvertAll(touch => touch.Key), Is.EquivalentTo(keys));
    }
}
