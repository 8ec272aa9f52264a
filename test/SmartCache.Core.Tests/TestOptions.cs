using SmartCache.Connections;
using SmartCache.Core.Tests.Storage;
using SmartCache.Payloads;
using SmartCache.Primitives;
using SmartCache.Rows;
using SmartCache.Sql;

namespace SmartCache.Core.Tests;

/// <summary>The options of an engine that has none of its own.</summary>
internal sealed class TestOptions : SmartCacheOptions
{
    public TestDialect Dialect { get; init; } = new();

    protected internal override SqlDialect CreateDialect() => Dialect;
}
