namespace SmartCache;

/// <summary>What becomes of a store whose session was removed while its request ran.</summary>
public enum RemovedSessionPolicy
{
    /// <summary>It is discarded, logged and counted: a slow request cannot undo a logout.</summary>
    Discard,

    /// <summary>The entries the request changed begin a new session under the same key.</summary>
    Recreate,
}
