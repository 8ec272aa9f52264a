using System.Runtime.ExceptionServices;
using SmartCache.Rows;
using SmartCache.Touches;

namespace SmartCache.Sessions;

/// <summary>
/// Carries out what saves decide: one guarded statement if no one interferes, else a locked merge, repeated while other nodes write at
/// the same time. Saves of one session that meet on this node wait for the one under way and then share the next write.
/// </summary>
internal sealed class SessionWriter(RowStore store, TouchQueue touches, SmartCacheOptions options)
{
    /// <summary>Storage without row locks loops on the guard. One of so many tries succeeds unless something is broken.</summary>
    private const int MaxTries = 1_000;

    /// <summary>A save that waits longer goes on alone: the one ahead may hang on a connection of its own.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();

    /// <summary>The sessions being written, with the saves that wait.</summary>
    private readonly Dictionary<CacheKey, List<WaitingSave>?> _underWay = [];

    /// <exception cref="Exception">Why the save failed.</exception>
    public async ValueTask WriteAsync(SessionSave save, bool async, CancellationToken token)
    {
        // A synchronous caller would block its thread while it waits. A save that changes nothing writes next to nothing, and one with
        // in-doubt writes must look for them itself.
        if (!async || save.ChangesNothing || save.HasInDoubt)
        {
            await WriteAloneAsync(save, async, token).ConfigureAwait(false);
        }
        else if (Enter(save) is not { } waiting)
        {
            Row? written = null;
            try
            {
                written = await WriteAloneAsync(save, async: true, token).ConfigureAwait(false);
            }
            finally
            {
                HandOn(save.Request.Key, written);
            }
        }
        else if (!await TryShareAsync(waiting, token).ConfigureAwait(false))
        {
            await WriteAloneAsync(save, async: true, token).ConfigureAwait(false);
        }

        save.ThrowIfFailed();
    }

    private ValueTask<Row?> WriteAloneAsync(SessionSave save, bool async, CancellationToken token) =>
        WriteAsync(new SaveBatch([save], touches), save.MustReadFirst ? null : save.Request.Snapshot.Theirs, async, token);

    /// <param name="known">The row to decide on; null to read it first.</param>
    /// <returns>The row, if the batch has written it.</returns>
    private async ValueTask<Row?> WriteAsync(SaveBatch batch, Row? known, bool async, CancellationToken token)
    {
        for (var tries = 0; tries <= MaxTries; tries++)
        {
            var result = WriteResult.Written;
            var write = known is null ? null : batch.DecideOn(known);
            if (write is not null)
            {
                result = await store.WriteAsync(batch.Key, write, batch.Now, async, token).ConfigureAwait(false);
            }
            else if (known is null || !batch.NeedsNoRow)
            {
                // A decision that a change needs no write is about a row, and the row may have changed since it was read.
                result = await store.DecideAndWriteAsync(batch.Key, batch.Decide, batch.Now, isProtected: true, async, token).ConfigureAwait(false);
            }

            if (result == WriteResult.Written)
                return batch.Complete();

            if (result == WriteResult.Refused)
                batch.Refused();

            known = null;
        }

        throw new TimeoutException($"The session with key hash {batch.Key} was changed {MaxTries} times by others while it was being saved.");
    }

    /// <returns>The save's place in line; null if no other save of the session is under way.</returns>
    private WaitingSave? Enter(SessionSave save)
    {
        lock (_lock)
        {
            if (_underWay.TryAdd(save.Request.Key, null))
                return null;

            var waiting = new WaitingSave(save);
            (_underWay[save.Request.Key] ??= []).Add(waiting);
            return waiting;
        }
    }

    /// <summary>The write under way has ended: the first save that waits leads the next one, which carries out all that wait.</summary>
    private void HandOn(CacheKey key, Row? written)
    {
        List<WaitingSave>? waiting;
        lock (_lock)
        {
            waiting = _underWay[key];
            if (waiting is not { Count: > 0 })
            {
                _underWay.Remove(key);
                return;
            }

            _underWay[key] = null;
            (waiting[0].Leads, waiting[0].Known) = (waiting, written);
        }

        waiting[0].Ready.TrySetResult();
    }

    /// <returns>False if the save must go on alone.</returns>
    private async ValueTask<bool> TryShareAsync(WaitingSave waiting, CancellationToken token)
    {
        try
        {
            await waiting.Ready.Task.WaitAsync(Patience, token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is OperationCanceledException or TimeoutException)
        {
            if (TryLeaveLine(waiting))
            {
                token.ThrowIfCancellationRequested();
                return false;
            }
        }

        if (waiting.Leads is { } saves)
            return await LeadAsync(saves, waiting.Known, token).ConfigureAwait(false);

        try
        {
            await waiting.Ready.Task.WaitAsync(token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            waiting.Save.Leave();
            throw;
        }

        waiting.Failure?.Throw();
        return !waiting.MustGoAlone;
    }

    private bool TryLeaveLine(WaitingSave waiting)
    {
        lock (_lock)
        {
            return waiting.Leads is null
                && _underWay.TryGetValue(waiting.Save.Request.Key, out var others) && others?.Remove(waiting) == true;
        }
    }

    /// <summary>Carries out several saves by one write; each learns how its own ended.</summary>
    /// <returns>False if this caller's save must go on alone.</returns>
    private async ValueTask<bool> LeadAsync(List<WaitingSave> saves, Row? known, CancellationToken token)
    {
        Row? written = null;
        try
        {
            var batch = new SaveBatch([.. saves.Select(static waiting => waiting.Save)], touches);
            written = await WriteAsync(
                batch, options.Concurrency == ConcurrencyMode.Pessimistic ? null : known, async: true, token).ConfigureAwait(false);
            return true;
        }
        catch (CacheValueTooLargeException) when (saves.Count > 1)
        {
            // Only together are they too large, or only one of them is.
            saves.ForEach(static waiting => waiting.MustGoAlone = true);
            return false;
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            saves.ForEach(static waiting => waiting.MustGoAlone = true);
            throw;
        }
        catch (Exception exception)
        {
            var failure = ExceptionDispatchInfo.Capture(exception);
            saves.ForEach(waiting => waiting.Failure = failure);
            throw;
        }
        finally
        {
            saves.ForEach(static waiting => waiting.Ready.TrySetResult());
            HandOn(saves[0].Save.Request.Key, written);
        }
    }

    /// <summary>A save that waits for another one to end, and then for the write that it shares.</summary>
    private sealed class WaitingSave(SessionSave save)
    {
        public SessionSave Save => save;

        /// <summary>Completes when the save is to lead, or when its write has ended.</summary>
        public TaskCompletionSource Ready { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>The saves to carry out, if it is to lead.</summary>
        public List<WaitingSave>? Leads { get; set; }

        /// <summary>The row as the write before has left it; null if that is not known.</summary>
        public Row? Known { get; set; }
        public ExceptionDispatchInfo? Failure { get; set; }
        public bool MustGoAlone { get; set; }
    }
}
