using System.Runtime.ExceptionServices;

namespace SmartCache.Sqlite;

/// <summary>One caller's work while it waits for, or is part of, a shared transaction.</summary>
/// <param name="work">Does the work and keeps its result.</param>
/// <param name="isAsync">Whether the caller awaits it; otherwise it blocks its thread.</param>
internal sealed class WriteItem(Action<StoreConnection> work, bool isAsync)
{
    private readonly TaskCompletionSource? _asynchronous = isAsync ? new(TaskCreationOptions.RunContinuationsAsynchronously) : null;
    private readonly ManualResetEventSlim? _synchronous = isAsync ? null : new(false, spinCount: 0);

    /// <summary>Why the work or its transaction failed; null if neither did.</summary>
    public ExceptionDispatchInfo? Failure { get; private set; }

    /// <summary>Whether its statement was refused as wrong. This can happen if the table has changed since the connection last looked.</summary>
    public bool IsRefused => Failure?.SourceException is SqliteException { SqliteErrorCode: raw.SQLITE_ERROR };

    public void Run(StoreConnection connection)
    {
        Failure = null;
        try
        {
            work(connection);
        }
        catch (Exception exception)
        {
            Fail(exception);
        }
    }

    public void Fail(Exception exception) => Failure = ExceptionDispatchInfo.Capture(exception);

    /// <summary>Wakes the caller: the work is committed, or has failed.</summary>
    public void Finish()
    {
        _asynchronous?.SetResult();
        _synchronous?.Set();
    }

    public async ValueTask WaitAsync(CancellationToken token)
    {
        if (_asynchronous is not null)
            await _asynchronous.Task.WaitAsync(token).ConfigureAwait(false);
        else
            _synchronous!.Wait(token);
    }
}
