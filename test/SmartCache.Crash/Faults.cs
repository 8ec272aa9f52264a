using System.Data.Common;
using System.Diagnostics;
using SmartCache.Engines;

namespace SmartCache.Crash;

/// <summary>A database to be killed: how the app connects, and how it is checked afterwards.</summary>
internal abstract class CrashEngine : IAsyncDisposable
{
    /// <summary>The engine's name for the app.</summary>
    public abstract string Name { get; }

    /// <summary>The database that is checked afterwards.</summary>
    public abstract Database Database { get; }

    /// <summary>How a process of the app connects.</summary>
    public virtual string ConnectionStringOf(int process) => Database.ConnectionString;

    /// <summary>What the database's own check of the table finds wrong.</summary>
    public virtual async Task<IReadOnlyList<string>> FindDamageAsync() => await Database.Family.FindDamageAsync(Database, "smart_cache");

    public abstract ValueTask DisposeAsync();
}

/// <summary>One server, or a file that several processes share. With a file, only the app can be killed.</summary>
internal sealed class SingleEngine(Database database) : CrashEngine
{
    public override string Name => database.Engine;
    public override Database Database => database;

    public override ValueTask DisposeAsync() => database.DisposeAsync();
}

/// <summary>A fault that strikes while the app runs.</summary>
internal abstract class Fault
{
    public abstract string Name { get; }

    /// <summary>How many processes it kills.</summary>
    public virtual int Kills => 0;

    /// <summary>Causes the fault, and returns when all is in order again.</summary>
    public abstract Task StrikeAsync(CrashEngine engine, App app);
}

/// <summary>Kills processes of the app, and starts new ones.</summary>
internal sealed class AppKill(params int[] processes) : Fault
{
    public override string Name => $"{processes.Length} of the app's processes killed";
    public override int Kills => processes.Length;

    public override async Task StrikeAsync(CrashEngine engine, App app)
    {
        await Task.WhenAll(processes.Select(app.KillAsync));
        Array.ForEach(processes, app.Start);
    }
}

/// <summary>Kills the server's processes, and starts it again on its data.</summary>
internal sealed class ServerKill : Fault
{
    public override string Name => "the server killed";
    public override int Kills => 1;

    public override async Task StrikeAsync(CrashEngine engine, App app)
    {
        var server = engine.Database.Server ?? throw new InvalidOperationException("There is no server.");
        await server.KillAsync();
        await server.RestartAsync();
    }
}

/// <summary>The server closes all connections of the app, several times.</summary>
internal sealed class ConnectionKill : Fault
{
    private const int Times = 4;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);

    public override string Name => $"all connections killed, {Times} times";

    public override async Task StrikeAsync(CrashEngine engine, App app)
    {
        for (var time = 0; time < Times; time++)
        {
            await engine.Database.Family.CloseConnectionsAsync(engine.Database);
            await Task.Delay(Pause);
        }
    }
}

/// <summary>The database's disk is full for a while. A server that ends is started again.</summary>
internal sealed class FullDisk : Fault
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public override string Name => "the disk full";

    public override async Task StrikeAsync(CrashEngine engine, App app)
    {
        var disk = engine.Database.Disk ?? throw new InvalidOperationException("There is no disk of its own.");
        var size = new DriveInfo(disk).TotalSize;
        var begin = Stopwatch.GetTimestamp();
        do
        {
            // Again and again, because the database frees space. If it has just taken more, the next attempt succeeds.
            var drive = new DriveInfo(disk);
            await SmallDisk.TryResizeAsync(disk, drive.TotalSize - drive.TotalFreeSpace);
            await Task.Delay(Pause);
        }
        while (Stopwatch.GetElapsedTime(begin) < Duration);

        Assert.That(await SmallDisk.TryResizeAsync(disk, size), "the disk has its space again");
        if (engine.Database.Server is { } server)
            await UntilUpAsync(engine, server);
    }

    private static async Task UntilUpAsync(CrashEngine engine, EngineServer server)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            try
            {
                if (!await server.IsRunningAsync(patience.Token))
                    await server.RestartAsync(patience.Token);

                await using var connection = await engine.Database.OpenAsync(patience.Token);
                return;
            }
            catch (DbException)
            {
                // The server is still recovering, or about to end.
                await Task.Delay(Pause, patience.Token);
            }
        }
    }
}
