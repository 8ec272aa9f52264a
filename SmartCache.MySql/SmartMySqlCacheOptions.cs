namespace SmartCache.MySql;

/// <summary>The options of the cache on MySQL and MariaDB.</summary>
/// <remarks>
/// <see cref="SmartCacheOptions.ConnectionString"/> is a connection string of MySqlConnector. Unless it sets <c>Connection Reset</c>, the
/// cache sets that to <c>false</c>, so that statements stay prepared on pooled connections. <see cref="SmartCacheOptions.DataSource"/> must
/// be a <c>MySqlDataSource</c>. If neither is set, the registered <c>MySqlDataSource</c> is used.
/// </remarks>
public sealed class SmartMySqlCacheOptions : SmartCacheOptions
{
    /// <summary>The table's schema (database).</summary>
    /// <value>Default null: the connection's.</value>
    public string? SchemaName { get; set; }

    /// <summary>What a new table is clustered by.</summary>
    /// <value>Default <see cref="MySqlPrimaryKey.Crc32Clustered"/>. An existing table stays as it is.</value>
    public MySqlPrimaryKey PrimaryKey { get; set; } = MySqlPrimaryKey.Crc32Clustered;

    /// <summary>The storage engine of a new table.</summary>
    /// <value>Default <c>InnoDB</c>. <c>MEMORY</c> needs a <see cref="ValueColumnType"/> such as <c>VARBINARY(8000)</c>.</value>
    public string StorageEngine { get; set; } = "InnoDB";

    /// <summary>The type of the value column of a new table.</summary>
    /// <value>Default <c>LONGBLOB</c>; also <c>MEDIUMBLOB</c>, <c>BLOB</c> or <c>VARBINARY(n)</c>. A value that does not fit is refused.</value>
    public string ValueColumnType { get; set; } = "LONGBLOB";

    /// <inheritdoc/>
    public override string CreateTableScript() => new MySqlDialect(this).CreateTableScript(this);
}

/// <summary>What a new table is clustered by.</summary>
public enum MySqlPrimaryKey
{
    /// <summary>The key's CRC-32 and the key: one index, one lookup, rows spread evenly.</summary>
    Crc32Clustered,

    /// <summary>
    /// An auto-increment <c>id</c>, with a unique index on the CRC-32 and the key: new rows are written one after the
    /// other, which suits servers bound by their disks. Any other key column of yours is left alone.
    /// </summary>
    AutoIncrement,
}
