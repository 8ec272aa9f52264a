using System.Data.Common;
using System.Globalization;
using RaceLab.CommandLine;
using RaceLab.Contenders;

namespace RaceLab.Engines.MySql;

/// <summary>MariaDB or MySQL, which count alike.</summary>
internal sealed class MySqlFamilyEngine(string name, string connectionString) : ServerEngine
{
    private string _version = "";

#if MYSQLCONNECTOR
    private static DbProviderFactory Driver => MySqlConnector.MySqlConnectorFactory.Instance;
#else
    private static DbProviderFactory Driver => global::MySql.Data.MySqlClient.MySqlClientFactory.Instance;
#endif

    public override string Description => $"{name} {_version} ({Driver.GetType().Namespace})";

    public override string HowCounted =>
        """
        Counted by the server, all of it, so it should have nothing else to do (SHOW GLOBAL STATUS: Questions, Com_*,
        Innodb_rows_*). Last writer wins is on the connection string as it is given: where the driver resets a
        connection that it takes from its pool (MySqlConnector does unless told otherwise, MySql.Data does not), that
        counts, as it does for any cache on such a string. SmartCache, given the same string, turns it off. A SET
        counts as a statement. Rows of a batch that happens to be written during a request count with it.
        """;

    protected override DbDataSource LastWriterWinsSource { get; } = Driver.CreateDataSource(connectionString);

    protected override LastWriterWinsSql LastWriterWinsSql { get; } = new(KeyType: "VARCHAR(449)", ValueType: "LONGBLOB")
    {
        // MySQL would rather have an alias than VALUES(), which MariaDB does not know.
        Upsert =
            $"""
            INSERT INTO {LastWriterWinsSql.TableName} (cache_key, expires_at, sliding_ms, absolute_at, value)
            VALUES (@key, @expires_at, @sliding_ms, @absolute_at, @value)
            ON DUPLICATE KEY UPDATE
              expires_at = VALUES(expires_at),
              sliding_ms = VALUES(sliding_ms),
              absolute_at = VALUES(absolute_at),
              value = VALUES(value)
            """,
    };

    public override async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await base.PrepareAsync(cancellationToken);
        _version = Counting.ServerVersion;
        var isMariaDb = _version.Contains("MariaDB", StringComparison.OrdinalIgnoreCase);
        if (isMariaDb != (name == "MariaDB"))
        {
            throw new UsageException($"--connection leads to a server of version {_version}, which is not {name}.");
        }
    }

    public override async ValueTask<DatabaseCounts> CountAsync(CacheKind kind, CancellationToken cancellationToken)
    {
        var status = new Dictionary<string, long>(StringComparer.OrdinalIgnoreCase);
        await using (var reader = await QueryAsync(
            """
            SHOW GLOBAL STATUS
            WHERE Variable_name IN ('Questions', 'Com_show_status', 'Com_update_multi',
              'Com_begin', 'Com_commit', 'Com_rollback', 'Com_savepoint', 'Com_release_savepoint', 'Com_rollback_to_savepoint',
              'Innodb_rows_inserted', 'Innodb_rows_updated', 'Innodb_rows_deleted')
            """,
            cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                status[reader.GetString(0)] = long.Parse(reader.GetString(1), CultureInfo.InvariantCulture);
            }
        }

        var transactionControl = Sum("Com_begin", "Com_commit", "Com_rollback", "Com_savepoint", "Com_release_savepoint", "Com_rollback_to_savepoint");

        // SHOW STATUS is the lab's own. Only the batch that notes which sessions were used updates through a join.
        var others = Sum("Com_show_status", "Com_update_multi");
        return new DatabaseCounts(
            Sum("Questions") - transactionControl - others,
            transactionControl,
            Sum("Innodb_rows_inserted", "Innodb_rows_updated", "Innodb_rows_deleted"));

        long Sum(params string[] names) => names.Sum(name => status[name]);
    }

    protected override void AddSmartCache(IServiceCollection services) =>
        services.AddSmartMySqlCache(options =>
        {
            options.ConnectionString = connectionString;
            options.TableName = SmartCacheTable;
        });
}
