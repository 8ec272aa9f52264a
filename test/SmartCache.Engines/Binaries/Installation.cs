namespace SmartCache.Engines.Binaries;

/// <summary>A server program that can be run.</summary>
/// <param name="Server">Its path, as seen from <paramref name="Root"/> if there is one.</param>
/// <param name="Kind">Whether it was there or had to be installed.</param>
/// <param name="Root">The folder that is the root directory for it, or null.</param>
internal sealed record Installation(string Server, EngineOriginKind Kind, string? Root = null)
{
    public EngineOrigin Origin => new(Kind, Root + Server);

    /// <summary>A command line made to run inside the root.</summary>
    public IEnumerable<string> Enter(IEnumerable<string> command) => Root is null ? command : ["chroot", Root, .. command];
}
