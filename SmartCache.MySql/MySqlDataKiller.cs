using System.Data.Common;
using System.Globalization;
using System.Reflection;
using SmartCache.Storage;

namespace SmartCache.MySql;

/// <summary>Ends connections of MySql.Data over another one.</summary>
/// <param name="dataSource">Opens the other one.</param>
internal sealed class MySqlDataKiller(DbDataSource dataSource) : ConnectionKiller
{
    private static readonly PropertyInfo? ServerThread =
        Type.GetType("MySql.Data.MySqlClient.MySqlConnection, MySql.Data", throwOnError: false)?.GetProperty("ServerThread");

    /// <summary>For connections of MySql.Data; null for those of another driver, which needs none.</summary>
    public static ConnectionKiller? For(DbDataSource dataSource)
    {
        using var connection = dataSource.CreateConnection();
        return connection.GetType() == ServerThread?.DeclaringType ? new MySqlDataKiller(dataSource) : null;
    }

    public override async Task KillAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        using var other = await dataSource.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        using var kill = other.CreateCommand();
        kill.CommandText = string.Create(CultureInfo.InvariantCulture, $"KILL {ServerThread!.GetValue(connection)}");
        await kill.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }
}
