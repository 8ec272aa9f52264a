namespace SmartCache.MySql;

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
