using System.Data.Common;

namespace SmartCache.MySql;

/// <summary>The server did not answer in time. What it was asked to do may have been done.</summary>
internal sealed class SilentServerException : DbException
{
    public SilentServerException(TimeSpan limit)
        : base($"The server did not answer within {limit.TotalSeconds:0} s.") => Data[MySqlFaults.ErrorNumber] = MySqlFaults.NoAnswer;
}
