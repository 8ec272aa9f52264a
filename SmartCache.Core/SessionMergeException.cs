namespace SmartCache;

/// <summary>
/// An entry of a session could not be merged by its rule. Nothing of the session was stored, unless the message says that this
/// is not known.
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
        $"The answer to a store of the session was lost, and so many stores followed that nobody can tell any more whether it took effect. "
        + $"The merge rule of its entry '{entryName}' must not be applied twice, so it was not sent again.",
        null);
}
