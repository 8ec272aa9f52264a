using System.Data;
using RaceLab.Contenders;

namespace SmartCache.Benchmarks.Tables;

/// <summary>The table of a cache as they are commonly written.</summary>
internal sealed class BaselineLayout(LastWriterWinsSql sql) : TableLayout(LastWriterWinsSql.TableName, sql.CreateTable)
{
    public override DbType KeyType => DbType.String;

    public override IReadOnlyList<(string Name, DbType Type)> Columns { get; } =
        [("cache_key", DbType.String), ("expires_at", DbType.Int64), ("sliding_ms", DbType.Int64), ("value", DbType.Binary)];

    // It writes an expiry whenever it is asked to: where that was before makes no difference.
    public override string Spread => "60000";

    public override object Key(string key) => key;

    public override object[] Row(string key, byte[] value, long now, long slidingMs) => [key, now + slidingMs, slidingMs, value];
}
