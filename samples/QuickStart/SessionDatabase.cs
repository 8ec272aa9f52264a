using SmartCache;

namespace QuickStart;

/// <summary>Chooses the database. An app that knows its database needs one line instead.</summary>
internal static class SessionDatabase
{
    public static void AddSessionDatabase(this WebApplicationBuilder builder, DirectoryInfo folder, Action<SmartCacheOptions> configure)
    {
        var name = builder.Configuration["Database"] ?? "Sqlite";
        var connection = builder.Configuration.GetConnectionString("SmartCache");
        switch (name.ToUpperInvariant())
        {
            case "SQLITE":
                connection ??= $"Data Source={Path.Combine(folder.FullName, "sessions.db")}";
                builder.Services.AddSmartSqliteCache(Configure);
                break;
            case "POSTGRES":
                builder.Services.AddSmartPostgresCache(Configure);
                break;
            case "MYSQL" or "MARIADB":
                builder.Services.AddSmartMySqlCache(Configure);
                break;
            default:
                throw new SettingException($"The setting Database is '{name}'. It can be Sqlite, Postgres, MySql or MariaDb.");
        }

        if (string.IsNullOrWhiteSpace(connection))
        {
            throw new SettingException(
                $"The setting ConnectionStrings:SmartCache is missing. The database {name} needs it, for example --ConnectionStrings:SmartCache=\"{Example(name)}\".");
        }

        void Configure(SmartCacheOptions options)
        {
            options.ConnectionString = connection;
            configure(options);
        }
    }

    /// <summary>Creates the folder of the keys, and of SQLite's file.</summary>
    public static DirectoryInfo CreateDataFolder(this WebApplicationBuilder builder)
    {
        var path = Path.Combine(builder.Environment.ContentRootPath, builder.Configuration["DataFolder"] ?? "data");
        try
        {
            return Directory.CreateDirectory(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SettingException($"The setting DataFolder cannot be used. {exception.Message}");
        }
    }

    private static string Example(string name) => name.Equals("Postgres", StringComparison.OrdinalIgnoreCase)
        ? "Host=localhost;Database=shop;Username=shop;Password=…"
        : "Server=localhost;Database=shop;User ID=shop;Password=…";
}

/// <summary>A setting is wrong. The message names it.</summary>
internal sealed class SettingException(string message) : Exception(message);
