using SmartCache.Crash.Judging;

namespace SmartCache.Crash.Runs;

/// <summary>A run on a database that keeps what it has acknowledged.</summary>
public abstract class LosslessFixture : CrashFixture
{
    [Test]
    public void No_acknowledged_store_is_lost() => AssertNone(ComplaintKind.Lost);

    [Test]
    public void No_acknowledged_removal_is_undone() => AssertNone(ComplaintKind.Undone);
}
