namespace SmartCache;

/// <summary>
/// The merge rule of a session entry failed or could not be applied. Nothing of the session was written, unless the message
/// says that this is not known.
/// </summary>
public sealed class SessionMergeException : Exception
{
    private SessionMergeException(string entryName, string message, Exception? cause)
        : base(message, cause) =>
        EntryName = entryName;

    /// <summary>The entry's name.</summary>
    public string EntryName { get; }

    internal static SessionMergeException RuleFailed(string entryName, Exception cause) => new(
        entryName, $"The merge rule of the session entry '{entryName}' failed: {cause.Message} Nothing of the session was stored.", cause);

    internal static SessionMergeException OutcomeUnknown(string entryName) => new(
        entryName,
        "The answer to a save of the session was lost, and later saves have removed every trace of whether it took effect. "
        + $"The merge rule of the entry '{entryName}' must not be applied twice, so the save was not repeated.",
        null);
}
