using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SmartCache.Contract.Engines;

namespace SmartCache.Sqlite.Tests;

/// <summary>SQLite on a file: one of its own that goes with it, or a given one.</summary>
public sealed class SqliteEngine(string? file) : TestEngine
{
    /// <summary>Not made by a second process, which is told what to connect to.</summary>
    private readonly Lazy<DirectoryInfo> _folder = new(static () => Directory.CreateTempSubdirectory("smartcache-"));

    public SqliteEngine()
        : this(null)
    {
    }

    public override string Name => "SQLite";

    public override DbProviderFactory Driver => SqliteFactory.Instance;

    public override string ConnectionString => $"Data Source={file ?? Path.Combine(_folder.Value.FullName, "contract.db")};Pooling=False";

    public override SqlClient Client => new("sqlite", null, null, [new SqliteConnectionStringBuilder(ConnectionString).DataSource], new Dictionary<string, string>());

    public override IServiceCollection AddCache(IServiceCollection services, Action<SmartCacheOptions> configure) =>
        services.AddSmartSqliteCache(configure);

    public override IServiceCollection AddCache(IServiceCollection services, IConfiguration section) =>
        services.AddSmartSqliteCache(section);

    public override Task<StatementAccount> OpenAccountAsync() => Task.FromResult<StatementAccount>(new SqliteStatementAccount(ConnectionString));

    public override Task StopAsync()
    {
        if (_folder.IsValueCreated)
        {
            _folder.Value.Delete(recursive: true);
        }

        return Task.CompletedTask;
    }
}
