namespace SmartCache.Engines;

/// <summary>Where a server came from.</summary>
/// <param name="Kind">The way it was obtained.</param>
/// <param name="Detail">What exactly: the environment variable, the image, or the program.</param>
public sealed record EngineOrigin(EngineOriginKind Kind, string Detail)
{
    /// <inheritdoc />
    public override string ToString() => $"{Kind} ({Detail})";
}
