namespace SmartCache.Postgres;

/// <summary>The options of the cache on PostgreSQL.</summary>
/// <remarks>
/// <see cref="SmartCacheOptions.ConnectionString"/> is a connection string of Npgsql. Unless it says otherwise, connections are not reset
/// when they return to the pool (<c>No Reset On Close</c>) and statements stay prepared (<c>Max Auto Prepare</c>). If neither it nor
/// <see cref="SmartCacheOptions.DataSource"/> is set, the registered <c>NpgsqlDataSource</c> is used.
/// </remarks>
public sealed class SmartPostgresCacheOptions : SmartCacheOptions
{
    /// <summary>The table's schema. A missing schema is created with the table if the user may create it.</summary>
    /// <value>Default null: the first schema of the connection's search path.</value>
    public string? SchemaName { get; set; }

    /// <summary>
    /// Whether the table is created <c>UNLOGGED</c>: writes are cheaper, but the table is empty after a crash of the server and missing on its
    /// standbys.
    /// </summary>
    /// <value>Default <see langword="false"/>. An existing table stays as it is.</value>
    public bool Unlogged { get; set; }

    /// <summary>How full the table's pages are packed, in percent. The rest is room for updates that do not change the index.</summary>
    /// <value>Default 80; 10 to 100. An existing table stays as it is.</value>
    public int FillFactor { get; set; } = 80;

    /// <inheritdoc/>
    public override string CreateTableScript() => new PostgresDialect(this).CreateTableScript(this);
}
