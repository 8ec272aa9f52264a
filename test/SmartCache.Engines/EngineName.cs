namespace SmartCache.Engines;

/// <summary>The database engines that run as a server, each in the newest release that is tested and some in an older one. SQLite needs none.</summary>
public enum EngineName
{
    /// <summary>PostgreSQL 18.</summary>
    Postgres,

    /// <summary>PostgreSQL 15.</summary>
    Postgres15,

    /// <summary>MariaDB 11.8.</summary>
    MariaDb,

    /// <summary>MariaDB 10.11.</summary>
    MariaDb1011,

    /// <summary>Oracle's MySQL 9, not MariaDB under its name.</summary>
    MySql,
}
