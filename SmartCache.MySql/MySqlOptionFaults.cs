using System.Text.RegularExpressions;
using MySqlConnector;

namespace SmartCache.MySql;

/// <summary>Finds what cannot work about the options that only MySQL and MariaDB have.</summary>
internal static partial class MySqlOptionFaults
{
    public static IEnumerable<string> Find(SmartMySqlCacheOptions options, MySqlDialect dialect)
    {
        if (options.SchemaName is not null && dialect.FindFault(options.SchemaName) is { } fault)
            yield return Failure(nameof(options.SchemaName), fault);

        if (!string.IsNullOrWhiteSpace(options.ConnectionString) && MySqlConnections.FindFault(options.ConnectionString) is { } connectionFault)
            yield return Failure(nameof(options.ConnectionString), connectionFault);

        if (options.DataSource is not null and not MySqlDataSource)
            yield return Failure(nameof(options.DataSource), $"must be a {nameof(MySqlDataSource)}");

        if (!Enum.IsDefined(options.PrimaryKey))
            yield return Failure(nameof(options.PrimaryKey), $"is {options.PrimaryKey}, which is not one of its values");

        if (options.StorageEngine is null || !EngineWord().IsMatch(options.StorageEngine))
            yield return Failure(nameof(options.StorageEngine), "must be the name of a storage engine, such as InnoDB");

        if (options.ValueColumnType is null || !BinaryType().IsMatch(options.ValueColumnType))
            yield return Failure(nameof(options.ValueColumnType), "must be TINYBLOB, BLOB, MEDIUMBLOB, LONGBLOB or VARBINARY(n)");
    }

    private static string Failure(string option, string fault) => $"{nameof(SmartMySqlCacheOptions)}.{option} {fault}.";

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_]*$")]
    private static partial Regex EngineWord();

    [GeneratedRegex(@"^((TINY|MEDIUM|LONG)?BLOB|VARBINARY\([1-9][0-9]{0,4}\))$", RegexOptions.IgnoreCase)]
    private static partial Regex BinaryType();
}
