using SmartCache.Engines;

namespace SmartCache.Crash;

/// <summary>A database to be killed, as its processes reach it and as it is looked at afterwards.</summary>
internal abstract class CrashEngine : IAsyncDisposable
{
    /// <summary>The name that the app knows it by.</summary>
    public abstract string Name { get; }

    /// <summary>The database that is looked at afterwards.</summary>
    public abstract Database Database { get; }

    /// <summary>How a process of the app connects.</summary>
    public virtual string ConnectionStringOf(int process) => Database.ConnectionString;

    /// <summary>What the database's own check finds wrong with the table.</summary>
    public virtual async Task<IReadOnlyList<string>> FindDamageAsync() => await Database.Family.FindDamageAsync(Database, "smart_cache");

    public abstract ValueTask DisposeAsync();
}

/// <summary>One server, or a file that several processes share: there is no server to be killed then but the app itself.</summary>
internal sealed class SingleEngine(Database database) : CrashEngine
{
    public override string Name => database.Engine;

    public override Database Database => database;

    public override ValueTask DisposeAsync() => database.DisposeAsync();
}
