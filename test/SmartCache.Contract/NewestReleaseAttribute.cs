namespace SmartCache.Contract;

/// <summary>
/// Says that the server's release cannot make a difference: what is tested ends in the same statements as something that
/// runs on every release, or in none at all. The build leaves these tests out on the older releases.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NewestReleaseAttribute() : CategoryAttribute(Mark)
{
    /// <summary>The category that the build filters by.</summary>
    public const string Mark = "NewestRelease";
}
