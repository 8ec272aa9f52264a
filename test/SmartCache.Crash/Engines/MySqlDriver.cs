using System.Data.Common;

namespace SmartCache.Crash.Engines;

/// <summary>The driver this build was made with: see MySqlDriver.props.</summary>
internal static class MySqlDriver
{
#if MYSQLCONNECTOR
    public static DbProviderFactory Factory => global::MySqlConnector.MySqlConnectorFactory.Instance;
#else
    public static DbProviderFactory Factory => global::MySql.Data.MySqlClient.MySqlClientFactory.Instance;
#endif
}
