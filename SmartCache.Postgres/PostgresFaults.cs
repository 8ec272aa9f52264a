using Npgsql;

namespace SmartCache.Postgres;

/// <summary>
/// Which faults are transient. Npgsql's own <c>IsTransient</c> is false for several errors of a failover, for example if no host of a
/// multi-host connection string could be reached.
/// </summary>
internal static class PostgresFaults
{
    public static bool IsTransient(Exception exception) => exception switch
    {
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } => false, // Npgsql says otherwise, but no disk is emptied within seconds.
        PostgresException server => server.IsTransient || IsTransient(server.SqlState),
        NpgsqlException => true, // The connection: broken, refused, timed out, or no suitable host.
        _ => false,
    };

    /// <summary>Other requests were in the way, or the statement took too long. The connection is as good as before.</summary>
    public static bool IsConflict(Exception exception) => exception is PostgresException
    {
        SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.LockNotAvailable
            or PostgresErrorCodes.QueryCanceled,
    };

    /// <summary>The row was changed under a stricter isolation, or another row has the new key already.</summary>
    public static bool IsLostRace(Exception exception) => exception is PostgresException
    {
        SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.UniqueViolation,
    };

    private static bool IsTransient(string sqlState) => sqlState switch
    {
        PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected => true,
        PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.TooManyConnections => true,
        PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow => true,
        PostgresErrorCodes.ReadOnlySqlTransaction => true, // A standby that is being promoted.
        _ => sqlState.StartsWith("08", StringComparison.Ordinal),
    };
}
