using SmartCache.Storage;

namespace SmartCache.Postgres;

/// <summary>Options of the cache on PostgreSQL.</summary>
/// <remarks>
/// <see cref="SmartCacheOptions.ConnectionString"/> is that of Npgsql; the cache keeps connections of its own open with
/// it, at most <c>Maximum Pool Size</c>, each with its prepared statements, unless it says <c>Pooling</c>, <c>No Reset On
/// Close</c>, <c>Max Auto Prepare</c> or <c>Multiplexing</c>: then Npgsql pools as it says. Where neither it nor
/// <see cref="SmartCacheOptions.DataSource"/> is set, the <c>NpgsqlDataSource</c> registered with the services is used.
/// </remarks>
public sealed class SmartPostgresCacheOptions : SmartCacheOptions
{
    /// <summary>The table's schema, created with the table where it is missing and the user may.</summary>
    /// <value>Default null: the first schema of the connection's search path.</value>
    public string? SchemaName { get; set; }

    /// <summary>
    /// Whether the table is created <c>UNLOGGED</c>: cheaper writes, but emptied after a crash of the server and absent
    /// from its standbys.
    /// </summary>
    /// <value>Default <see langword="false"/>. An existing table stays as it is.</value>
    public bool Unlogged { get; set; }

    /// <summary>How full the table's pages are packed, in percent: the rest is room for updates that leave the index alone.</summary>
    /// <value>Default 80; 10 to 100. An existing table stays as it is.</value>
    public int FillFactor { get; set; } = 80;

    /// <inheritdoc/>
    protected override SqlDialect CreateDialect() => new PostgresDialect(this);
}
