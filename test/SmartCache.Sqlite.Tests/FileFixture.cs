using System.Buffers.Binary;

namespace SmartCache.Sqlite.Tests;

/// <summary>A fixture whose tests each have a folder of their own, with a database file in it that does not exist yet.</summary>
public abstract class FileFixture
{
    protected const string TableName = "smart_cache";

    private readonly List<Node> _nodes = [];
    private DirectoryInfo _folder = null!;

    protected string Folder => _folder.FullName;
    protected string File => Path.Combine(Folder, "sessions.db");
    protected SqliteEngine Engine => new(File);

    [SetUp]
    public void CreateFolder() => _folder = Directory.CreateTempSubdirectory("smartcache-");

    [TearDown]
    public async Task DeleteFolder()
    {
        foreach (var node in _nodes)
            await node.DisposeAsync();

        _nodes.Clear();
        _folder.Delete(recursive: true);
    }

    protected Node NewNode(
        string? file = null,
        CallStyle style = CallStyle.Asynchronous,
        Action<SmartCacheOptions>? configure = null,
        Func<CacheConnections, CacheConnections>? intercept = null)
    {
        var node = new Node(new SqliteEngine(file ?? File), TableName, TimeProvider.System, style, configure, intercept: intercept);
        _nodes.Add(node);
        return node;
    }
}

/// <summary>What another process does that is writing: while it is held nobody else writes.</summary>
internal sealed class WriteLock : IDisposable
{
    private readonly DbConnection _connection;

    public WriteLock(SqliteEngine engine)
    {
        _connection = engine.OpenConnection();
        _connection.Run("BEGIN IMMEDIATE");
    }

    public void Dispose() => _connection.Dispose();
}

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
            commits += BinaryPrimitives.ReadInt32BigEndian(log.AsSpan(at + 4)) == 0 ? 0 : 1;

        return commits;
    }
}
