using SmartCache.Storage;

namespace SmartCache.Sqlite;

/// <summary>One caller's work while it waits for, or is part of, a shared transaction.</summary>
internal interface IWriteItem
{
    /// <summary>Whether the work failed when it ran.</summary>
    bool HasFailed { get; }

    /// <summary>Whether its statement was refused as wrong, which it may only be by what the connection last knew of the table.</summary>
    bool IsRefused { get; }

    /// <summary>Does the work and keeps its result or exception.</summary>
    void Run(StoreConnection connection);

    /// <summary>Keeps an exception that befell its whole transaction.</summary>
    void Fail(Exception exception);

    /// <summary>Wakes the caller: its work is committed, or failed.</summary>
    void Finish();
}
