using SmartCache.Primitives;

namespace SmartCache.Core.Tests.Storage;

/// <summary>The list by which a store whose answer was lost knows itself again, whoever has stored since.</summary>
public sealed class RecentStampsTests
{
    [Test]
    public void A_column_that_is_null_holds_none() => Assert.That(default(RecentVersions).Contains(0), Is.False);

    [Test]
    public void A_store_leaves_its_own_stamp_and_that_of_the_row_before()
    {
        var stamps = default(RecentVersions).With(1, 2);

        Assert.That(Convert.ToHexString(stamps.Bytes!), Is.EqualTo("0000000000000001" + "0000000000000002"));
        Assert.That(Convert.ToHexString(stamps.With(2, 3).Bytes!), Is.EqualTo("0000000000000001" + "0000000000000002" + "0000000000000003"));
    }

    [Test]
    public void The_last_64_are_kept()
    {
        var stamps = default(RecentVersions);
        for (var stamp = 2; stamp <= 63; stamp++)
        {
            stamps = stamps.With(stamp - 1, stamp);
        }

        Assert.That(stamps.IsFull, Is.False);
        stamps = stamps.With(63, 64);
        Assert.That(stamps.IsFull, Is.True);
        Assert.That(stamps.Contains(1), Is.True);

        stamps = stamps.With(64, 65);
        Assert.That(stamps.Contains(1), Is.False);
        Assert.That(stamps.Contains(2), Is.True);
        Assert.That(stamps.Contains(65), Is.True);
        Assert.That(stamps.Bytes, Has.Length.EqualTo(64 * 8));
    }

    [Test]
    public void Bytes_that_somebody_cut_short_hold_whole_stamps_only()
    {
        var stamps = new RecentVersions(default(RecentVersions).With(1, 2).Bytes![..11]);

        Assert.That(stamps.Contains(1), Is.True);
        Assert.That(stamps.With(5, 6).Bytes, Has.Length.EqualTo(24));
    }
}
