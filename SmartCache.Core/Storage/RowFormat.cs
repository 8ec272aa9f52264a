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

    /// <summary>Added to one of these: the value is that, encrypted by Data Protection.</summary>
    public const int Protected = 16;

    public static bool IsProtected(int format) => format is Opaque + Protected or Session + Protected or SessionJson + Protected;
}
