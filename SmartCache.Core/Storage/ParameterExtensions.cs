using System.Data;

namespace SmartCache.Storage;

internal static class ParameterExtensions
{
    public static DbType DbType(this Parameter parameter) => parameter switch
    {
        Parameter.Key or Parameter.PlainKey or Parameter.Value or Parameter.RecentStamps => System.Data.DbType.Binary,
        Parameter.Touches or Parameter.LegacyKey => System.Data.DbType.String,
        Parameter.Format => System.Data.DbType.Int32,
        _ => System.Data.DbType.Int64,
    };
}
