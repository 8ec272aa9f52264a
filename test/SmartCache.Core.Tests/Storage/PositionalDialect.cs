namespace SmartCache.Core.Tests.Storage;

/// <summary>An engine whose driver wants its values by position.</summary>
internal sealed class PositionalDialect : TestDialect
{
    public override string ParameterMarker(string name, int position) => $"${position}";
}
