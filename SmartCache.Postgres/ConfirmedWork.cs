using Npgsql;
using SmartCache.Storage;

namespace SmartCache.Postgres;

/// <summary>
/// A work that fails if its commit did not get to the synchronous standby in time. A server whose commit waits for the
/// standby, and which is asked to cancel, by a token or because the command has timed out, cannot take the commit back:
/// it answers that it has succeeded, and only warns. Should the standby take over now, the store would be lost.
/// </summary>
internal sealed class ConfirmedWork<TResult>(StoreWork<TResult> work) : StoreWork<TResult>
{
    /// <summary>The server's function that waits, and warns. Its message is in the server's language.</summary>
    private const string Waiting = "SyncRepWaitForLSN";

    private bool _isCutShort;

    public override bool Writes => work.Writes;

    public override async ValueTask<TResult> RunAsync(StoreConnection connection, bool async, CancellationToken cancellationToken)
    {
        var npgsql = connection.Connection as NpgsqlConnection;
        npgsql?.Notice += Heed;
        TResult result;
        try
        {
            result = await work.RunAsync(connection, async, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            npgsql?.Notice -= Heed;
        }

        if (_isCutShort)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new TimeoutException("The synchronous standby did not confirm in time. What was stored is on the primary, and may be on no other server.");
        }

        return result;
    }

    private void Heed(object sender, NpgsqlNoticeEventArgs warning) => _isCutShort |= warning.Notice.Routine == Waiting;
}
