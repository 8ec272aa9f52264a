namespace SmartCache.Core.Tests;

/// <summary>The options of an engine that has none of its own.</summary>
internal sealed class TestOptions : SmartCacheOptions
{
    public TestDialect Dialect { get; init; } = new();

    public override string CreateTableScript() => Dialect.CreateTableScript(this);
}
