using System.Runtime.ExceptionServices;
using Microsoft.Data.Sqlite;
using SmartCache.Storage;
using SQLitePCL;

namespace SmartCache.Sqlite;

/// <inheritdoc cref="IWriteItem"/>
internal sealed class WriteItem<TResult>(StoreWork<TResult> work, bool async) : IWriteItem
{
    private readonly TaskCompletionSource? _asynchronous = async ? new(TaskCreationOptions.RunContinuationsAsynchronously) : null;
    private readonly ManualResetEventSlim? _synchronous = async ? null : new(false, spinCount: 0);
    private TResult? _result;
    private ExceptionDispatchInfo? _failure;

    public bool HasFailed => _failure is not null;

    public bool IsRefused => _failure?.SourceException is SqliteException { SqliteErrorCode: raw.SQLITE_ERROR };

    public void Run(StoreConnection connection)
    {
        _failure = null;
        try
        {
            _result = work.Run(connection);
        }
        catch (Exception exception)
        {
            Fail(exception);
        }
    }

    public void Fail(Exception exception) => _failure = ExceptionDispatchInfo.Capture(exception);

    public void Finish()
    {
        _asynchronous?.SetResult();
        _synchronous?.Set();
    }

    /// <summary>Waits to be finished.</summary>
    public async ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        if (_asynchronous is not null)
        {
            await _asynchronous.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        else
        {
            _synchronous!.Wait(cancellationToken);
        }
    }

    public TResult Result()
    {
        _failure?.Throw();
        return _result!;
    }
}
