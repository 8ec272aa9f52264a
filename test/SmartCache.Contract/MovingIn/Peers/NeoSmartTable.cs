using System.Globalization;

namespace SmartCache.Contract.MovingIn.Peers;

/// <summary>NeoSmart.Caching.Sqlite, schema version 1: expiry and window in ticks, an absolute expiry only as an expiry without a window.</summary>
public sealed class NeoSmartTable : PeerTable
{
    public override string FixedName => "cache";

    public override string Create => """CREATE TABLE {0} ("key" varchar NOT NULL, "value" BLOB, "expiry" INTEGER, "renewal" INTEGER, PRIMARY KEY ("key")) WITHOUT ROWID""";

    public override string Insert => """INSERT INTO {0} ("key", "value", "expiry", "renewal") VALUES (@key, @value, {1}, {2})""";

    public override bool HasAbsolute => false;

    public override bool? NullNeverExpires => true;

    public override LegacyTable Describe(string table) => LegacyTable.NeoSmartSqlite();

    public override string Moment(DateTimeOffset moment) => moment.UtcTicks.ToString(CultureInfo.InvariantCulture);

    public override string Span(TimeSpan span) => span.Ticks.ToString(CultureInfo.InvariantCulture);
}
