using System.Data.Common;

namespace SmartCache.Storage;

/// <summary>
/// Ends connections from outside, for a driver that does not let go of them: it heeds a cancellation only by
/// <see cref="DbCommand.Cancel"/>, and waits for what is left of an answer though the connection is to be closed.
/// </summary>
public abstract class ConnectionKiller
{
    /// <summary>Has the server end a connection, so that whoever waits for an answer on it is told that it is gone.</summary>
    /// <param name="connection">An open connection, which may be in use.</param>
    /// <param name="cancellationToken">Cancels the attempt.</param>
    public abstract Task KillAsync(DbConnection connection, CancellationToken cancellationToken);
}
