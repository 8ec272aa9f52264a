using System.Runtime.ExceptionServices;
using Microsoft.Data.Sqlite;
using SmartCache.Storage;
using SQLitePCL;

namespace SmartCache.Sqlite;

/// <inheritdoc cref="IWriteItem"/>
internal sealed class WriteItem<TResult>(StoreWork<TResult> work, bool async) : IWriteItem
{
    private readonly TaskCompletionSource<bool>? _asynchronous = async ? new(TaskCreationOptions.RunContinuationsAsynchronously) : null;
    private readonly ManualResetEventSlim? _synchronous = async ? null : new(false, spinCount: 0);
    private bool _leads;
    private TResult? _result;
    private ExceptionDispatchInfo? _failure;

    public bool IsSynchronous => _synchronous is not null;

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

    public void Finish() => Wake(leads: false);

    public void Lead() => Wake(leads: true);

    /// <summary>Waits to be finished or told to lead.</summary>
    /// <returns>Whether to lead.</returns>
    public async ValueTask<bool> WaitAsync(CancellationToken cancellationToken)
    {
        if (_asynchronous is not null)
        {
            return await _asynchronous.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        _synchronous!.Wait(cancellationToken);
        return _leads;
    }

    public TResult Result()
    {
        _failure?.Throw();
        return _result!;
    }

    private void Wake(bool leads)
    {
        _leads = leads;
        _asynchronous?.SetResult(leads);
        _synchronous?.Set();
    }
}
