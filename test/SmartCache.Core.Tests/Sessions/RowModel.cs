using SmartCache.Connections;
using SmartCache.Payloads;
using SmartCache.Primitives;
using SmartCache.Rows;
using SmartCache.Sql;

namespace SmartCache.Core.Tests.Sessions;

/// <summary>One row of the table, and what the guarded statements do to it.</summary>
/// <param name="Row">What it holds; null if there is none.</param>
/// <param name="Begins">How many lives of the row have begun.</param>
internal sealed record RowModel(CacheRow? Row, int Begins = 0)
{
    /// <summary>What a reader can see of it: the stamp is any number.</summary>
    public string Visible => Row is null ? "none" : $"{Convert.ToHexString(Row.Value)} {Row.Format} {Row.Lifetime}, {(Row.IsUnderPlainKey ? "under its key" : "under its hash")}, {(Begins > 0 ? "a new" : "the same")} life";

    /// <summary>The row after a statement; fails the test if its guard would have found the row changed.</summary>
    public RowModel After(MergeStep step, long now)
    {
        var guarded = step.Action is MergeAction.None or MergeAction.Insert || step.OldVersion == Row?.Version;
        Assert.That(guarded, Is.True, $"{step.Action} over version {step.OldVersion}, but the row has {Row?.Version}");
        Assert.That(step.Action == MergeAction.None || step.IsOverPlainKey == (Row?.IsUnderPlainKey == true), Is.True, "written under the other key");
        Assert.That(step.Action != MergeAction.Insert || Row is null || !Row.Lifetime.IsLiveAt(now), Is.True, "inserted over a live row");
        var write = step.Write;
        return step.Action switch
        {
            MergeAction.None => this,
            MergeAction.Insert or MergeAction.Replace => new(new CacheRow(write.Value, write.Format, write.Version, write.Lifetime, write.Recent), Begins + 1),
            MergeAction.Update => this with { Row = new(write.Value, write.Format, write.Version, write.Lifetime.Over(Row!.Lifetime), write.Recent) },
            MergeAction.UpdateValue => this with { Row = new(write.Value, write.Format, write.Version, Row!.Lifetime, write.Recent) },
            MergeAction.UpdateExpiry => this with { Row = Row! with { Lifetime = write.Lifetime.Over(Row.Lifetime), IsUnderPlainKey = false } },
            _ => throw new ArgumentOutOfRangeException(nameof(step)),
        };
    }
}
