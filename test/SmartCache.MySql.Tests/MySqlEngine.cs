namespace SmartCache.MySql.Tests;

/// <summary>MariaDB or MySQL, as the environment variable <c>DATABASE</c> says; the newest MariaDB when it is not set.</summary>
public sealed class MySqlEngine() : ServerEngine(EngineFamily.FromEnvironment("mariadb", "mariadb-10.11", "mysql"))
{
    public bool IsMariaDb => Release != "mysql";

    public override long? CountWaiting(RawTable table) =>
        table.Ask($"SELECT variable_value FROM {(IsMariaDb ? "information_schema" : "performance_schema")}.global_status WHERE variable_name = 'Innodb_row_lock_current_waits'");
}

/// <summary>The same server, with tables that are clustered by an auto-increment id.</summary>
public sealed class AutoIncrementEngine() : TestEngine(EngineFamily.Of("mysql"))
{
    public override string Name => Server.Name;
    public override string ConnectionString => Server.ConnectionString;

    public override long? CountWaiting(RawTable table) => Server.CountWaiting(table);

    protected override Action<SmartCacheOptions> Variation => static options => ((SmartMySqlCacheOptions)options).PrimaryKey = MySqlPrimaryKey.AutoIncrement;
    private static MySqlEngine Server => Running.Of<MySqlEngine>();
}

[SetUpFixture]
public sealed class MySqlSetUp : EngineSetUp<MySqlEngine>;
