using System.Data.Common;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace SmartCache.Contract.Engines;

/// <summary>A database as the contracts see it: how a cache on it is registered, and how its tables are looked at from outside.</summary>
public abstract class TestEngine
{
    /// <summary>The engine's name for messages.</summary>
    public abstract string Name { get; }

    /// <summary>What opens connections beside the cache, to look at rows and to tamper with them.</summary>
    public abstract DbProviderFactory Driver { get; }

    /// <summary>Where the database is. Only to be asked between start and stop.</summary>
    public abstract string ConnectionString { get; }

    /// <summary>What a program in another language reaches the database with.</summary>
    public abstract SqlClient Client { get; }

    /// <summary>Why two caches cannot see one table; null if they can.</summary>
    public virtual string? WhyOneNodeOnly => null;

    /// <summary>Quotes the name of a table or column.</summary>
    public virtual string Quote(string name) => $"\"{name}\"";

    /// <summary>What the row of a key stands under.</summary>
    public virtual byte[] KeyBytes(string key) => Encoding.UTF8.GetBytes(key);

    /// <summary>Registers the cache with the package's own method, all options left as they are unless <paramref name="configure"/> sets them.</summary>
    public abstract IServiceCollection AddCache(IServiceCollection services, Action<SmartCacheOptions> configure);

    /// <summary>Registers the cache with options bound from configuration.</summary>
    public abstract IServiceCollection AddCache(IServiceCollection services, IConfiguration section);

    /// <summary>Registers the cache on a table of this engine's database.</summary>
    public IServiceCollection AddCache(IServiceCollection services, string table, Action<SmartCacheOptions>? configure = null) =>
        AddCache(services, options =>
        {
            options.ConnectionString = ConnectionString;
            options.TableName = table;
            configure?.Invoke(options);
        });

    /// <summary>Begins to count what one cache has this database do. One account at a time.</summary>
    public abstract Task<StatementAccount> OpenAccountAsync();

    /// <summary>Brings the database up. Called once, before the first test.</summary>
    public virtual Task StartAsync() => Task.CompletedTask;

    /// <summary>Takes it down and leaves nothing behind. Called once, after the last test, also if the start failed.</summary>
    public virtual Task StopAsync() => Task.CompletedTask;

    /// <summary>What an app hands over that opens its connections itself.</summary>
    public virtual DbDataSource CreateDataSource() => Driver.CreateDataSource(ConnectionString);

    /// <summary>A connection that the cache knows nothing of.</summary>
    public DbConnection OpenConnection()
    {
        var connection = Driver.CreateConnection()!;
        connection.ConnectionString = ConnectionString;
        connection.Open();
        return connection;
    }
}
