using System.Net.Sockets;
using MySqlConnector;

namespace SmartCache.MySql;

/// <summary>Which faults are transient. The driver's own <c>IsTransient</c> is false for a lost connection.</summary>
internal static class MySqlFaults
{
    /// <summary>Larger than <c>max_allowed_packet</c>.</summary>
    public static bool IsTooLarge(Exception exception) => exception is MySqlException { Number: 1153 };

    /// <summary>Another row has the new key already.</summary>
    public static bool IsDuplicateKey(Exception exception) => exception is MySqlException { Number: 1062 };

    public static bool IsTransient(Exception exception) => exception switch
    {
        MySqlException server => IsTransient(server.Number),
        IOException or SocketException => true, // The connection broke while the driver was not waiting for an answer.
        _ => false,
    };

    /// <summary>Other requests were in the way, or the statement took too long. The connection is as good as before.</summary>
    public static bool IsConflict(Exception exception) =>
        exception is MySqlException { Number: 1205 or 1213 or 3101 or 1020 or 1317 or 1969 or 3024 };

    private static bool IsTransient(int number) => number switch
    {
        0 or -1 => true, // The connection is gone, or the driver gave up waiting for it.
        1205 or 1213 => true, // Lock wait timeout; deadlock, or Galera's certification failure.
        3101 => true, // Group Replication's certification failure: rolled back at the COMMIT.
        1020 => true, // MariaDB: the row changed since the transaction's snapshot.
        1615 => true, // A prepared statement met a table that was being altered.
        1040 or 1203 or 1226 => true, // Too many connections: of all, of this user.
        1042 or 1043 or 1129 => true, // Cannot connect.
        1047 or 1053 or 1077 or 1079 => true, // Galera node not prepared; server shutting down.
        1290 or 1792 or 1836 => true, // Read-only, as a replica that is being promoted.
        2002 or 2003 or 2006 or 2013 => true, // Cannot connect; server gone; connection lost.
        _ => false,
    };
}
