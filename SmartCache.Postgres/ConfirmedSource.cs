using Npgsql;
using SmartCache.Connections;

namespace SmartCache.Postgres;

/// <summary>
/// Fails a work whose commit did not reach the synchronous standby in time. A server whose commit waits for the standby and is asked to
/// cancel, by a token or because the command timed out, cannot take the commit back: it reports success and only warns. If the standby
/// took over now, the write would be lost.
/// </summary>
internal sealed class ConfirmedSource(ConnectionSource inner) : ConnectionSource
{
    /// <summary>The server's function that waits and warns. The warning's text is in the server's language.</summary>
    private const string Waiting = "SyncRepWaitForLSN";

    public override int InUse => inner.InUse;

    public override ValueTask<TResult> RunAsync<TResult>(
        Func<StoreConnection, ValueTask<TResult>> work, bool writes, bool async, CancellationToken token) =>
        inner.RunAsync(writes ? connection => ConfirmAsync(work, connection) : work, writes, async, token);

    public override void Dispose() => inner.Dispose();

    public override ValueTask DisposeAsync() => inner.DisposeAsync();

    private static async ValueTask<TResult> ConfirmAsync<TResult>(Func<StoreConnection, ValueTask<TResult>> work, StoreConnection connection)
    {
        var isCutShort = false;
        void Heed(object sender, NpgsqlNoticeEventArgs warning) => isCutShort |= warning.Notice.Routine == Waiting;

        var npgsql = connection.Connection as NpgsqlConnection;
        npgsql?.Notice += Heed;
        TResult result;
        try
        {
            result = await work(connection).ConfigureAwait(false);
        }
        finally
        {
            npgsql?.Notice -= Heed;
        }

        if (isCutShort)
        {
            connection.Token.ThrowIfCancellationRequested();
            throw new TimeoutException("The synchronous standby did not confirm in time. What was written is on the primary, and may be on no other server.");
        }

        return result;
    }
}
