using SmartCache.Sweeping;

namespace SmartCache.Core.Tests.Sweeping;

public sealed class SweepWalkTests
{
    private const long All = 1L << 32;
    private const int Batch = 500;

    private static readonly TimeSpan Quick = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(300);

    [Test]
    public void Every_crc_is_in_exactly_one_piece()
    {
        var random = new Random(1);
        var walk = new SweepWalk(SweepWalk.FirstWidth, Batch);
        var next = 0L;
        while (!walk.IsDone)
        {
            Assert.That(walk.From, Is.EqualTo(next));
            Assert.That(walk.To, Is.GreaterThanOrEqualTo(walk.From).And.LessThan(All));
            var removed = random.Next(4) == 0 ? Batch : random.Next(Batch);
            next = removed == Batch ? walk.From : walk.To + 1;
            walk.Next(removed, random.Next(2) == 0 ? Quick : Slow);
        }

        Assert.That(next, Is.EqualTo(All));
    }

    [Test]
    public void A_small_table_takes_few_statements()
    {
        Assert.That(Statements(SweepWalk.FirstWidth, _ => (0, Quick), out var width), Is.LessThanOrEqualTo(7));
        Assert.That(Statements(width, _ => (0, Quick), out _), Is.LessThanOrEqualTo(2));
    }

    [Test]
    public void Where_statements_take_long_they_ask_for_less()
    {
        const double crcsPerMillisecond = All / 10_000.0;
        var longest = TimeSpan.Zero;

        var statements = Statements(
            SweepWalk.FirstWidth,
            piece =>
            {
                var took = TimeSpan.FromMilliseconds(piece / crcsPerMillisecond);
                longest = took > longest ? took : longest;
                return (0, took);
            },
            out _);

        Assert.That(longest.TotalMilliseconds, Is.LessThan(200));
        Assert.That(statements, Is.InRange(60, 600));
    }

    [Test]
    public void Where_a_batch_is_full_the_next_piece_begins_at_the_same_place_and_is_smaller()
    {
        var walk = new SweepWalk(SweepWalk.FirstWidth, Batch);
        walk.Next(Batch, Quick);

        Assert.That((walk.From, walk.To), Is.EqualTo((0L, (SweepWalk.FirstWidth / 2) - 1)));
    }

    [Test]
    public void A_pass_ends_even_where_everything_takes_long() =>
        Assert.That(Statements(SweepWalk.FirstWidth, _ => (0, Slow), out _), Is.LessThanOrEqualTo(16_384));

    [Test]
    public void A_crc_with_more_rows_than_a_batch_is_gone_on_with()
    {
        var walk = new SweepWalk(SweepWalk.FirstWidth, Batch);
        for (var i = 0; i < 100; i++)
        {
            walk.Next(Batch, Quick);
            Assert.That(walk.From, Is.Zero);
            Assert.That(walk.To, Is.Positive);
        }

        walk.Next(Batch - 1, Quick);
        Assert.That(walk.From, Is.Positive);
    }

    private static int Statements(long width, Func<long, (int Removed, TimeSpan Took)> statement, out long lastWidth)
    {
        var walk = new SweepWalk(width, Batch);
        var statements = 0;
        while (!walk.IsDone)
        {
            var (removed, took) = statement(walk.To - walk.From + 1);
            walk.Next(removed, took);
            statements++;
        }

        lastWidth = walk.Width;
        return statements;
    }
}
