using System.Data.Common;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SmartCache.Contract.Engines;
using SmartCache.Engines;

namespace SmartCache.MySql.Tests;

/// <summary>MariaDB or MySQL, as the environment variable <c>DATABASE</c> says; the newest MariaDB when it is not set.</summary>
public sealed class MySqlEngine : ServerEngine
{
    public override string Name => IsMariaDb ? "MariaDB" : "MySQL";

    public override DbProviderFactory Driver => MySqlConnector.MySqlConnectorFactory.Instance;

    public override SqlClient Client
    {
        get
        {
            var login = new DbConnectionStringBuilder { ConnectionString = ConnectionString };
            return new SqlClient(
                "mysql",
                "mariadb",
                "mariadb-client-core libmariadb3",
                ["--no-defaults", "--batch", "--skip-column-names", "--default-character-set=utf8mb4", "--skip-ssl-verify-server-cert",
                    $"--host={login["Server"]}", $"--port={login["Port"]}", $"--user={login["User ID"]}", $"--database={login["Database"]}"],
                new Dictionary<string, string> { ["MYSQL_PWD"] = (string)login["Password"] });
        }
    }

    public bool IsMariaDb => EngineName != EngineName.MySql;

    protected override IReadOnlyList<string> WithoutDiskWaits => ["--innodb-flush-log-at-trx-commit=2", "--sync-binlog=0"];

    protected override string HostKeyword => "Server";

    protected override EngineName EngineName { get; } = EngineNames.FromEnvironment(EngineName.MariaDb, EngineName.MariaDb1011, EngineName.MySql);

    public override string Quote(string name) => $"`{name}`";

    public override IServiceCollection AddCache(IServiceCollection services, Action<SmartCacheOptions> configure) =>
        services.AddSmartMySqlCache(configure);

    public override IServiceCollection AddCache(IServiceCollection services, IConfiguration section) =>
        services.AddSmartMySqlCache(section);

    public override async Task<StatementAccount> OpenAccountAsync() => await MySqlStatementAccount.OpenAsync(this);

    public override string Account(string name) => $"'{name}'@'%'";

    public override string CreateAccount(string name) => $"CREATE USER {Account(name)} IDENTIFIED BY '{name}'";

    public override string DropAccount(string name) => $"DROP USER {Account(name)}";

    public override string ConnectAs(string name) => $";User ID={name};Password={name}";
}
