using System.Data;

namespace SmartCache.Benchmarks.Tables;

/// <summary>How a contender's table is called and what is in its columns; the value and the expiry are named alike in all.</summary>
internal abstract class TableLayout(string name, string createScript)
{
    public string Name { get; } = name;

    public string CreateScript { get; } = createScript;

    public abstract DbType KeyType { get; }

    /// <summary>Names and types of the columns that seeding fills.</summary>
    public abstract IReadOnlyList<(string Name, DbType Type)> Columns { get; }

    /// <summary>An expression that spreads rows evenly from 0 to 59,999.</summary>
    public abstract string Spread { get; }

    /// <summary>The condition under which a row is found by the table's own index.</summary>
    public virtual string IsThisKey => "cache_key = @key";

    public abstract object Key(string key);

    /// <summary>The values of <see cref="IsThisKey"/>.</summary>
    public virtual (string Name, DbType Type, object Value)[] Find(string key) => [("@key", KeyType, Key(key))];

    /// <summary>The values of a row, in the order of <see cref="Columns"/>.</summary>
    public abstract object[] Row(string key, byte[] value, long now, long slidingMs);
}
