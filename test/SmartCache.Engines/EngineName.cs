namespace SmartCache.Engines;

/// <summary>The database engines that run as a server. SQLite needs none.</summary>
public enum EngineName
{
    /// <summary>PostgreSQL.</summary>
    Postgres,

    /// <summary>MariaDB.</summary>
    MariaDb,

    /// <summary>Oracle's MySQL, not MariaDB under its name.</summary>
    MySql,
}
