using SmartCache.Primitives;

namespace SmartCache.Core.Tests.Primitives;

/// <summary>The list by which a save whose answer was lost knows itself again, whoever has saved since.</summary>
public sealed class RecentVersionsTests
{
    [Test]
    public void A_column_that_is_null_holds_none() => Assert.That(default(RecentVersions).Contains(0), Is.False);

    [Test]
    public void A_save_leaves_its_own_version_and_that_of_the_row_before()
    {
        var versions = default(RecentVersions).With(1, 2);

        Assert.That(Convert.ToHexString(versions.Bytes!), Is.EqualTo("0000000000000001" + "0000000000000002"));
        Assert.That(Convert.ToHexString(versions.With(2, 3).Bytes!), Is.EqualTo("0000000000000001" + "0000000000000002" + "0000000000000003"));
    }

    [Test]
    public void The_last_64_are_kept()
    {
        var versions = default(RecentVersions);
        for (var version = 2; version <= 63; version++)
        {
            versions = versions.With(version - 1, version);
        }

        Assert.That(versions.IsFull, Is.False);
        versions = versions.With(63, 64);
        Assert.That(versions.IsFull, Is.True);
        Assert.That(versions.Contains(1), Is.True);

        versions = versions.With(64, 65);
        Assert.That(versions.Contains(1), Is.False);
        Assert.That(versions.Contains(2), Is.True);
        Assert.That(versions.Contains(65), Is.True);
        Assert.That(versions.Bytes, Has.Length.EqualTo(64 * 8));
    }

    [Test]
    public void Bytes_that_somebody_cut_short_hold_whole_versions_only()
    {
        var versions = new RecentVersions(default(RecentVersions).With(1, 2).Bytes![..11]);

        Assert.That(versions.Contains(1), Is.True);
        Assert.That(versions.With(5, 6).Bytes, Has.Length.EqualTo(24));
    }
}
