using System.Data.Common;

namespace SmartCache.MySql.Tests;

/// <summary>The driver this build of the tests was made with: see MySqlDriver.props.</summary>
internal static class MySqlTestDriver
{
#if MYSQLCONNECTOR
    public static DbProviderFactory Factory => global::MySqlConnector.MySqlConnectorFactory.Instance;
#else
    public static DbProviderFactory Factory => global::MySql.Data.MySqlClient.MySqlClientFactory.Instance;
#endif
}
