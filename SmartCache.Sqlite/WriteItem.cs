using System.Runtime.ExceptionServices;

namespace SmartCache.Sqlite;

/// <summary>One caller's work while it waits for, or is part of, a shared transaction.</summary>
internal abstract class WriteItem(bool async)
{
    private readonly TaskCompletionSource? _asynchronous = async ? new(TaskCreationOptions.RunContinuationsAsynchronously) : null;
    private readonly ManualResetEventSlim? _synchronous = async ? null : new(false, spinCount: 0);

    /// <summary>Why the work failed when it ran; null if it did not.</summary>
    protected ExceptionDispatchInfo? Failure { get; set; }
    public bool HasFailed => Failure is not null;

    /// <summary>Whether its statement was refused as wrong. This can happen if the table has changed since the connection last looked.</summary>
    public bool IsRefused => Failure?.SourceException is SqliteException { SqliteErrorCode: raw.SQLITE_ERROR };

    /// <summary>Does the work and keeps its result or exception.</summary>
    public abstract void Run(StoreConnection connection);

    /// <summary>Keeps an exception that concerns the whole transaction.</summary>
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

/// <inheritdoc/>
internal sealed class WriteItem<TState, TResult>(StoreWork<TState, TResult> work, TState state, bool async) : WriteItem(async)
{
    private TResult? _result;

    public override void Run(StoreConnection connection)
    {
        Failure = null;
        try
        {
            _result = SqliteDatabase.Run(work, state, connection);
        }
        catch (Exception exception)
        {
            Fail(exception);
        }
    }

    public TResult Result()
    {
        Failure?.Throw();
        return _result!;
    }
}
