using SmartCache.Primitives;
using SmartCache.Rows;

namespace SmartCache.Core.Tests.Sessions;

/// <summary>One row of the table, and what the guarded statements do to it.</summary>
/// <param name="Row">What it holds; null if there is none.</param>
/// <param name="Begins">How many lives of the row have begun.</param>
internal sealed record RowModel(Row? Row, int Begins = 0)
{
    /// <summary>What a reader can see of it: the version is any number.</summary>
    public string Visible => Row is null ? "none" : $"{Convert.ToHexString(Row.Value)} {Row.Format} {Row.Stored}, {(Row.IsUnderPlainKey ? "under its key" : "under its hash")}, {(Begins > 0 ? "a new" : "the same")} life";

    /// <summary>The row after a statement; fails the test if its guard would have found the row changed.</summary>
    public RowModel After(RowWrite? write, long now)
    {
        if (write is null)
            return this;

        Assert.That(write.Inserts || write.Over == Row?.Version, Is.True, $"over version {write.Over}, but the row has {Row?.Version}");
        Assert.That(write.IsOverPlainKey, Is.EqualTo(Row?.IsUnderPlainKey == true), "written under the other key");
        Assert.That(write.Inserts && Row?.Stored.IsLiveAt(now) == true, Is.False, "inserted over a live row");
        var lifetime = write.IsNewLife ? write.Lifetime!.Value : write.Lifetime?.Over(Row!.Stored) ?? Row!.Stored;
        var row = write.Value is null
            ? Row! with { Stored = lifetime, Effective = lifetime, IsUnderPlainKey = false }
            : new Row { Value = write.Value, Format = write.Format, Version = write.Version, Recent = write.Recent, Stored = lifetime, Effective = lifetime }.Parsed(CacheKey.From("key"));
        return new RowModel(row, Begins + (write.IsNewLife ? 1 : 0));
    }
}
