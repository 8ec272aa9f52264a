namespace SmartCache.Storage;

/// <summary>What the <c>format</c> column says of the bytes in <c>value</c>.</summary>
internal static class RowFormat
{
    /// <summary>Any bytes; never interpreted.</summary>
    public const int Opaque = 0;

    /// <summary>A payload of the stock session middleware, as it is.</summary>
    public const int Session = 1;

    /// <summary>The same as JSON text.</summary>
    public const int SessionJson = 2;
}
