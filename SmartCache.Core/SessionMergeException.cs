namespace SmartCache;

/// <summary>The merge rule of a session's entry failed. Nothing of the session was stored.</summary>
public sealed class SessionMergeException : Exception
{
    internal SessionMergeException(string entryName, Exception cause)
        : base($"The merge rule of the session entry '{entryName}' failed: {cause.Message} Nothing of the session was stored.", cause) =>
        EntryName = entryName;

    /// <summary>The entry's name.</summary>
    public string EntryName { get; }
}
