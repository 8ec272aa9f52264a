namespace SmartCache.Engines.Binaries;

/// <summary>Where a server's programs come from when they are missing.</summary>
internal abstract class PackageSource
{
    /// <summary>The folder that is the root directory for the programs; null if they run in the machine's own.</summary>
    public virtual string? Root => null;

    /// <summary>The folder with the programs, if they are in one of their own.</summary>
    public virtual IReadOnlyList<string> Folders => [];

    /// <summary>Whether there is somebody who may install them, and has been allowed to.</summary>
    public abstract bool CanInstall { get; }

    /// <summary>What to do to get them, as a part of a sentence.</summary>
    public abstract string Instruction { get; }

    public abstract Task InstallAsync(CancellationToken cancellationToken);
}
