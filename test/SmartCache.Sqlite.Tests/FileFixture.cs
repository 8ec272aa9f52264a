using SmartCache.Contract.Nodes;
using SmartCache.Storage;

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
        {
            await node.DisposeAsync();
        }

        _nodes.Clear();
        _folder.Delete(recursive: true);
    }

    protected Node NewNode(
        string? file = null,
        CallStyle style = CallStyle.Asynchronous,
        Action<SmartCacheOptions>? configure = null,
        Func<ConnectionSource, ConnectionSource>? intercept = null)
    {
        var node = new Node(new SqliteEngine(file ?? File), TableName, TimeProvider.System, style, configure, intercept: intercept);
        _nodes.Add(node);
        return node;
    }
}
