using System.Data.Common;
using System.Diagnostics;
using SmartCache.Crash.Engines;
using SmartCache.Crash.Processes;
using SmartCache.Engines;

namespace SmartCache.Crash.Faults;

/// <summary>The database's disk is full for a while. A server that does not survive it is started again, as its host would.</summary>
internal sealed class FullDisk : Fault
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public override string Name => "the disk full";

    public override async Task StrikeAsync(CrashEngine engine, App app)
    {
        var disk = engine.Disk ?? throw new InvalidOperationException("There is no disk of its own.");
        var size = new DriveInfo(disk).TotalSize;
        var begin = Stopwatch.GetTimestamp();
        do
        {
            // Again and again, for what the database gives back meanwhile. If it has just taken more, it is next time's turn.
            var drive = new DriveInfo(disk);
            await SmallDisk.TryResizeAsync(disk, drive.TotalSize - drive.TotalFreeSpace);
            await Task.Delay(Pause);
        }
        while (Stopwatch.GetElapsedTime(begin) < Duration);

        Assert.That(await SmallDisk.TryResizeAsync(disk, size), "the disk has its space again");
        if (engine.Server is { } server)
        {
            await UntilUpAsync(engine, server);
        }
    }

    private static async Task UntilUpAsync(CrashEngine engine, EngineServer server)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            try
            {
                if (!await server.IsRunningAsync(patience.Token))
                {
                    await server.RestartAsync(patience.Token);
                }

                await using var connection = await engine.OpenAsync();
                return;
            }
            catch (DbException)
            {
                // It is still recovering, or about to end.
                await Task.Delay(Pause, patience.Token);
            }
        }
    }
}
