using SmartCache.Expiration;
using SmartCache.Keys;
using SmartCache.Storage;

namespace SmartCache.Sessions;

/// <summary>
/// Carries out what a store decides: one guarded statement where nobody came between, else a locked merge, repeated
/// where several nodes write at once. Stores of one session that come to this node while another is under way wait for
/// it, and then share one write.
/// </summary>
internal sealed class SessionWriter(SmartCacheOptions options, RowStore store, TouchQueue touches)
{
    /// <summary>Storage without row locks loops on the guard. Of so many tries one always succeeds unless something is broken.</summary>
    private const int MaxTries = 1_000;

    /// <summary>Who waits longer in line goes on alone: what is ahead may hang on a connection of its own.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly StoreLines _lines = new();

    public async ValueTask WriteAsync(SessionCommit commit, CacheKey key, bool async, CancellationToken cancellationToken)
    {
        // A synchronous caller would hold its thread while it waits. Where nothing changes there is next to nothing to
        // write, and an earlier store that may have landed must be looked for by who sent it.
        if (!async || commit.ChangesNothing || commit.IsOpen)
        {
            await WriteAloneAsync(commit, key, async, cancellationToken).ConfigureAwait(false);
        }
        else if (_lines.TryBegin(key, commit, out var waiting))
        {
            await WriteFirstAsync(commit, key, cancellationToken).ConfigureAwait(false);
        }
        else if (!await IsDoneTogetherAsync(key, waiting, cancellationToken).ConfigureAwait(false))
        {
            await WriteAloneAsync(commit, key, async: true, cancellationToken).ConfigureAwait(false);
        }
    }

    private ValueTask WriteAloneAsync(SessionCommit commit, CacheKey key, bool async, CancellationToken cancellationToken)
    {
        MergeStep? first = commit.MustReadFirst ? null : commit.Decide();

        // A change that needs no write is a finding about the row, which may have changed since the request saw it.
        var isFound = first is { Action: MergeAction.None } && !commit.ChangesNothing;
        return WriteAsync(commit, isFound ? null : first, key, commit.Now, async, cancellationToken);
    }

    private async ValueTask WriteFirstAsync(SessionCommit commit, CacheKey key, CancellationToken cancellationToken)
    {
        RowView? written = null;
        try
        {
            await WriteAloneAsync(commit, key, async: true, cancellationToken).ConfigureAwait(false);
            written = commit.Written.Version == commit.Stamp ? commit.Written : null;
        }
        finally
        {
            if (_lines.Next(key) is { } next)
            {
                // Those who wait do not wait for this caller to go on, nor is what they store a part of its trace.
                ThreadPool.UnsafeQueueUserWorkItem(
                    static line => _ = line.Writer.WriteLineAsync(line.Key, line.Next, line.Written),
                    (Writer: this, Key: key, Next: next, Written: written),
                    preferLocal: false);
            }
        }
    }

    /// <summary>False if the store left the line, and nobody has begun it.</summary>
    private async ValueTask<bool> IsDoneTogetherAsync(CacheKey key, WaitingStore waiting, CancellationToken cancellationToken)
    {
        try
        {
            if (!await waiting.WaitAsync(Patience, cancellationToken).ConfigureAwait(false) && _lines.TryLeave(key, waiting))
            {
                cancellationToken.ThrowIfCancellationRequested();
                return false;
            }

            await waiting.WaitAsync(cancellationToken).ConfigureAwait(false);
            return true;
        }
        finally
        {
            waiting.Leave();
        }
    }

    private async Task WriteLineAsync(CacheKey key, List<WaitingStore> first, RowView? newest)
    {
        for (var stores = first; stores is not null; stores = _lines.Next(key))
        {
            newest = await WriteTogetherAsync(key, stores, newest).ConfigureAwait(false);
        }
    }

    /// <summary>Writes what several stores leave; every one of them learns how it ended.</summary>
    /// <returns>The row as it was written; null if that is not known.</returns>
    private async Task<RowView?> WriteTogetherAsync(CacheKey key, List<WaitingStore> stores, RowView? newest)
    {
        using var batch = new SessionBatch(key, stores, touches, options.Merge.MustApplyOnce);
        if (batch.Stores.Count == 0)
        {
            return newest;
        }

        try
        {
            MergeStep? first = newest is null || options.Concurrency == ConcurrencyMode.Pessimistic ? null : batch.DecideOn(newest);

            // What needs no write is settled by a look at the row alone: newest may be older than what the stores are based on.
            await WriteAsync(batch, first is { Action: MergeAction.None } ? null : first, key, batch.Now, async: true, batch.Cancellation).ConfigureAwait(false);
            batch.Complete();
            return batch.Written;
        }
        catch (CacheValueTooLargeException) when (batch.Stores.Count > 1)
        {
            // Only together is it too much, or only one of them is.
            foreach (var one in stores)
            {
                newest = await WriteTogetherAsync(key, [one], newest: null).ConfigureAwait(false);
            }

            return newest;
        }
        catch (Exception exception)
        {
            batch.Fail(exception);
            return null;
        }
    }

    /// <param name="merge">What decides.</param>
    /// <param name="first">What it has decided on the strength of what is known of the row; null to read the row first.</param>
    /// <param name="key">The session's key.</param>
    /// <param name="now">The moment of the store.</param>
    /// <param name="async">Whether not to block.</param>
    /// <param name="cancellationToken">Ends it.</param>
    private async ValueTask WriteAsync(IMerge merge, MergeStep? first, CacheKey key, long now, bool async, CancellationToken cancellationToken)
    {
        var isSettled = first is { } step && await store.TryStepAsync(key, merge, step, now, async, cancellationToken).ConfigureAwait(false);
        for (var tries = 1; !isSettled; tries++)
        {
            if (tries > MaxTries)
            {
                throw new TimeoutException($"The session with key hash {key} was changed {MaxTries} times by others while it was being stored.");
            }

            isSettled = await store.TryMergeAsync(key, merge, now, async, cancellationToken).ConfigureAwait(false);
        }
    }
}
