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
