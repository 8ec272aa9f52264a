using System.Buffers.Binary;

namespace SmartCache.Sqlite.Tests;

/// <summary>Reads a database's log file: https://sqlite.org/fileformat2.html#the_write_ahead_log.</summary>
internal static class WriteAheadLog
{
    private const int HeaderLength = 32;
    private const int FrameHeaderLength = 24;

    /// <summary>How many transactions were committed to the log: in each one's last frame stands the database's size.</summary>
    public static int CountCommits(string database)
    {
        using var stream = new FileStream($"{database}-wal", FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var log = new byte[stream.Length];
        stream.ReadExactly(log);
        var pageSize = BinaryPrimitives.ReadInt32BigEndian(log.AsSpan(8));
        var commits = 0;
        for (var at = HeaderLength; at < log.Length; at += FrameHeaderLength + pageSize)
        {
            commits += BinaryPrimitives.ReadInt32BigEndian(log.AsSpan(at + 4)) == 0 ? 0 : 1;
        }

        return commits;
    }
}
