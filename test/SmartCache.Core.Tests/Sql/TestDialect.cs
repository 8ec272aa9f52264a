using SmartCache.Sql;

namespace SmartCache.Core.Tests.Sql;

/// <summary>The least a dialect has to say.</summary>
internal class TestDialect : SqlDialect
{
    public override string EngineName => "TestSQL";
    public override string? BeginMerge => "BEGIN";
    public override string OwnerType => "TEXT";

    public override string DescribeTable(CacheTable table) => $"DESCRIBE {table.Name}";

    public override string CreateTable(CacheTable table) => $"CREATE TABLE {table.Name}";

    public override string Insert(CacheTable table) => $"INSERT INTO {table.Name} VALUES (@key)";

    public override string Upsert(CacheTable table) => $"UPSERT {table.Name} VALUES (@key)";

    public override string RemoveExpired(CacheTable table) => $"DELETE FROM {table.Name} WHERE {table.ExpiresAt} <= @now";
}

/// <summary>An engine whose driver wants its values by position.</summary>
internal sealed class PositionalDialect : TestDialect
{
    public override string ParameterMarker(string name, int position) => $"${position}";
}

/// <summary>An engine that must be told the type of a value.</summary>
internal sealed class CastingDialect : TestDialect
{
    public override string ParameterMarker(string name, int position) => $"CAST(@{name} AS BIGINT)";

    public override string ParameterName(string name, int position) => $"@{name}";
}
