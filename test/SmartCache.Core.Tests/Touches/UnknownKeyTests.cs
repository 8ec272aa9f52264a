using SmartCache.Primitives;
using SmartCache.Touches;
using static SmartCache.Core.Tests.Touches.QueueScene;

namespace SmartCache.Core.Tests.Touches;

/// <summary>A refresh says nothing of the row, which may not even exist.</summary>
public sealed class UnknownKeyTests
{
    private const int Limit = 10_000;
    private const long Touch1 = Start + (2 * Minute);

    private readonly QueueScene _scene = new();

    [Test]
    public void A_refresh_counts_on_this_node_while_it_is_being_written()
    {
        _scene.Queue.Add(_scene.Key, Touch1, null);
        _scene.Take(Touch1);

        Assert.That(_scene.Expiry(), Is.EqualTo(Touch1 + Window));
    }

    [Test]
    public void A_refresh_that_could_not_be_written_waits_on()
    {
        _scene.Queue.Add(_scene.Key, Touch1, null);
        _scene.Queue.Return(_scene.Queue.Take(Touch1, FlushScope.Due), areWritten: false, Touch1);

        Assert.That(_scene.Take(Touch1 + Second), Is.EqualTo(Access(Touch1)));
    }

    [Test]
    public void A_row_that_a_touch_has_brought_to_light_is_written_once_per_interval_from_then_on()
    {
        _scene.Queue.Add(_scene.Key, Touch1, null);
        FlushAndLearn(Touch1 + Second, Row(Touch1));
        _scene.Queue.Add(_scene.Key, Touch1 + (2 * Second), null);
        Assert.That(_scene.Take(Touch1 + (3 * Second)), Is.Null);

        Assert.That(_scene.Take(Touch1 + Minute), Is.EqualTo(Access(Touch1 + (2 * Second))));
    }

    [Test]
    public void A_touch_made_while_a_row_is_brought_to_light_is_not_lost()
    {
        _scene.Queue.Add(_scene.Key, Touch1, null);
        var touches = _scene.Queue.Take(Touch1, FlushScope.Due);
        _scene.Queue.Add(_scene.Key, Touch1 + Second, null);
        _scene.Queue.Learn([(touches[0], Row(Touch1))]);
        _scene.Queue.Return(touches, areWritten: true, Touch1 + Second);

        Assert.That(_scene.Take(Touch1 + Minute), Is.EqualTo(Access(Touch1 + Second)));
    }

    [Test]
    public void What_a_save_has_made_known_meanwhile_is_known_better()
    {
        _scene.Queue.Add(_scene.Key, Touch1, null);
        var touches = _scene.Queue.Take(Touch1, FlushScope.Due);
        _scene.Queue.Add(_scene.Key, Touch1 + Second, Row(Touch1, window: 10 * Second));
        _scene.Queue.Learn([(touches[0], Row(Touch1))]);
        _scene.Queue.Return(touches, areWritten: true, Touch1 + Second);

        Assert.That(_scene.Take(Touch1 + (2 * Second)), Is.Not.Null, "the interval is a second, not a minute");
    }

    /// <summary>Those of an outage: as many passes as the row with the most has of them write all.</summary>
    [Test]
    public void Touches_that_are_kept_apart_take_a_pass_each()
    {
        Assert.That(_scene.Queue.Passes, Is.EqualTo(1));
        long[] accesses = [Touch1, Touch1 + Minute, Touch1 + (2 * Minute)];
        foreach (var access in accesses)
            _scene.Queue.Add(_scene.Key, access, null);

        _scene.Queue.Add(TestKeys.Many(1)[0], Touch1, null);
        Assert.That(_scene.Queue.Passes, Is.EqualTo(3));

        var written = new List<Touch>();
        for (var passes = _scene.Queue.Passes; passes > 0; passes--)
        {
            var touches = _scene.Queue.Take(Touch1 + (3 * Minute), FlushScope.Due);
            written.AddRange(touches);
            _scene.Queue.Return(touches, areWritten: true, Touch1 + (3 * Minute));
        }

        Assert.That(written.Where(touch => touch.Key.Equals(_scene.Key)).Select(touch => touch.Span.First), Is.EqualTo(accesses));
        Assert.That(written, Has.Count.EqualTo(4));
        Assert.That(_scene.Queue.Passes, Is.EqualTo(1));
    }

    [Test]
    public void A_flood_of_made_up_keys_is_dropped_beyond_a_limit()
    {
        foreach (var key in TestKeys.Many(Limit + 5))
            _scene.Queue.Add(key, Touch1, null);

        Assert.That(_scene.Queue.Take(Touch1, FlushScope.Due), Has.Count.EqualTo(Limit));
    }

    [Test]
    public void A_flood_of_made_up_keys_displaces_no_known_row_nor_a_key_that_waits_already()
    {
        var keys = TestKeys.Many(Limit);
        foreach (var key in keys)
            _scene.Queue.Add(key, Touch1, null);

        _scene.Add(Touch1);
        _scene.Queue.Add(keys[0], Touch1 + Second, null);

        var touches = _scene.Queue.Take(Touch1 + Second, FlushScope.Due).ToDictionary(touch => touch.Key);
        Assert.That(touches, Has.Count.EqualTo(Limit + 1));
        Assert.That(touches[_scene.Key].Span.Last, Is.EqualTo(Touch1));
        Assert.That(touches[keys[0]].Span.Last, Is.EqualTo(Touch1 + Second));
    }

    [Test]
    public void Failed_flushes_do_not_outgrow_the_limit()
    {
        foreach (var key in TestKeys.Many(Limit))
            _scene.Queue.Add(key, Touch1, null);

        var touches = _scene.Queue.Take(Touch1, FlushScope.Due);
        foreach (var key in TestKeys.Many(2 * Limit).Skip(Limit))
            _scene.Queue.Add(key, Touch1, null);

        _scene.Queue.Return(touches, areWritten: false, Touch1);

        Assert.That(_scene.Queue.Take(Touch1, FlushScope.Due), Has.Count.EqualTo(Limit));
    }

    [Test]
    public void A_key_becomes_known_by_a_read_and_falls_into_the_rhythm()
    {
        _scene.Queue.Add(_scene.Key, Start + Second, null);
        _scene.Add(Start + (2 * Second));

        Assert.That(_scene.Take(Start + Minute - 1), Is.Null);
        Assert.That(_scene.Take(Start + Minute), Is.EqualTo(new TouchSpan(Start + Second, Start + (2 * Second))));
    }

    [Test]
    public void A_refresh_just_later_than_a_held_read_is_not_lost()
    {
        // Two requests look at the clock in one order and come to the queue in the other.
        _scene.Queue.Add(_scene.Key, Touch1 - Second, null);
        _scene.Queue.Add(_scene.Key, Touch1, null);
        var hold = _scene.Hold(Touch1 - 10);
        _scene.Queue.Release(_scene.Key, Touch1 - 10, hold, counts: false);

        Assert.That(_scene.Expiry(), Is.EqualTo(Touch1 + Window));
    }

    [Test]
    public void A_refresh_whose_flush_fails_is_not_lost_when_the_row_became_known_meanwhile()
    {
        _scene.Queue.Add(_scene.Key, Touch1, null);
        var touches = _scene.Queue.Take(Touch1, FlushScope.Due);
        var hold = _scene.Hold(Touch1 + Second);
        _scene.Queue.Release(_scene.Key, Touch1 + Second, hold, counts: false);
        _scene.Queue.Return(touches, areWritten: false, Touch1 + Second);

        Assert.That(_scene.Expiry(), Is.EqualTo(Touch1 + Window));
    }

    [Test]
    public void A_save_or_a_removal_drops_the_refresh_of_an_unknown_key()
    {
        var keys = TestKeys.Many(2);
        _scene.Queue.Add(keys[0], Touch1, null);
        _scene.Queue.Add(keys[1], Touch1, null);

        _scene.Queue.Stored(keys[0], Touch1, Row(Touch1));
        _scene.Queue.Removed(keys[1]);

        Assert.That(_scene.Queue.Take(Touch1, FlushScope.Last), Is.Empty);
    }

    private void FlushAndLearn(long now, Lifetime lifetime)
    {
        var touches = _scene.Queue.Take(now, FlushScope.Due);
        _scene.Queue.Learn([(touches.Single(), lifetime)]);
        _scene.Queue.Return(touches, areWritten: true, now);
    }
}
