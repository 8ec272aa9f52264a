using SmartCache.Primitives;
using SmartCache.Rows;
using static SmartCache.Core.Tests.Touches.QueueScene;

namespace SmartCache.Core.Tests.Touches;

/// <summary>What a row's columns say after it was touched.</summary>
public sealed class TouchOutcomeTests
{
    private const long Touch1 = Start + Minute;

    private static readonly Touch Touch = new(CacheKey.From("key"), new TouchSpan(Touch1, Touch1)) { IsOfUnknownRow = true };

    private readonly TouchOutcome _outcome = new();

    [Test]
    public void A_touch_that_would_still_move_its_row_has_not_been_written()
    {
        _outcome.Add(Touch, Row());

        Assert.That(_outcome.Locked, Is.EqualTo(new[] { Touch }));
        Assert.That(_outcome.Learned, Is.Empty);
    }

    [Test]
    public void A_row_that_was_moved_is_learned_of()
    {
        _outcome.Add(Touch, Row(Touch1));

        Assert.That(_outcome.Locked, Is.Empty);
        Assert.That(_outcome.Learned, Is.EqualTo(new[] { (Touch, Row(Touch1)) }));
    }

    [Test]
    public void A_row_that_this_node_knows_is_not_learned_of()
    {
        _outcome.Add(Touch with { IsOfUnknownRow = false }, Row(Touch1));

        Assert.That(_outcome.Learned, Is.Empty);
    }

    [TestCase(Start - Window - Minute, null, TestName = "A dead row is neither waited for nor learned of")]
    [TestCase(Start, Start + (2 * Minute), TestName = "A row that no touch can move is neither waited for nor learned of")]
    public void Nothing_is_to_be_done_for(long access, long? absolute)
    {
        _outcome.Add(Touch, Row(access, absolute: absolute));

        Assert.That(_outcome.Locked, Is.Empty);
        Assert.That(_outcome.Learned, Is.Empty);
    }
}
