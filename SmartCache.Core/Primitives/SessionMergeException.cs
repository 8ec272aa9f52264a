namespace SmartCache;

/// <summary>
/// The merge rule of a session entry failed or could not be applied. This try of the save wrote nothing. An earlier try whose answer was
/// lost may have.
/// </summary>
public sealed class SessionMergeException : Exception
{
    private SessionMergeException(string entryName, string message, Exception? cause)
        : base(message, cause) =>
        EntryName = entryName;

    /// <summary>The entry's name.</summary>
    public string EntryName { get; }

    internal static SessionMergeException RuleFailed(string entryName, Exception cause) => new(
        entryName, $"The merge rule of the session entry '{entryName}' failed: {cause.Message} This try stored nothing.", cause);

    internal static SessionMergeException OutcomeUnknown(string entryName) => new(
        entryName,
        "The answer to a save of the session was lost, and later saves have removed every trace of whether it took effect. "
        + $"The merge rule of the entry '{entryName}' must not be applied twice, so the save was not repeated.",
        null);
}
