using System.Data.Common;
using Microsoft.Data.Sqlite;
using SmartCache.Engines;

namespace SmartCache.Crash.Engines;

/// <summary>SQLite on a file that several processes share: there is no server to be killed but the app itself.</summary>
internal sealed class SqliteCrashEngine : CrashEngine
{
    private SmallDisk? _disk;
    private DirectoryInfo? _folder;

    public override string Name => "sqlite";

    public override string ConnectionString => $"Data Source={Path.Combine(Folder, "sessions.db")}";

    public override string? Disk => _disk?.Folder;

    protected override DbProviderFactory Driver => SqliteFactory.Instance;

    private string Folder => Disk ?? _folder?.FullName ?? throw new InvalidOperationException("It has not been started.");

    public override async Task StartAsync(long diskSize)
    {
        if (SmallDisk.IsPossible)
        {
            _disk = await SmallDisk.OpenAsync(diskSize);
        }
        else
        {
            _folder = Directory.CreateTempSubdirectory("smartcache-crash-");
        }
    }

    public override async Task<IReadOnlyList<string>> FindDamageAsync() =>
        [.. (await ListAsync("PRAGMA integrity_check")).Where(row => row != "ok")];

    public override async ValueTask DisposeAsync()
    {
        _folder?.Delete(recursive: true);
        if (_disk is not null)
        {
            await _disk.DisposeAsync();
        }
    }
}
