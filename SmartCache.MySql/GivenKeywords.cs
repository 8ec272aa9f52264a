using System.Data.Common;

namespace SmartCache.MySql;

/// <summary>
/// The keywords a user has written into a connection string, however they are spelled: drivers take them in any case
/// and with or without blanks, and their own builders may answer yes for every keyword that they know.
/// </summary>
/// <param name="connectionString">A connection string that the driver takes.</param>
internal readonly struct GivenKeywords(string connectionString)
{
    private readonly HashSet<string> _keywords =
        [.. new DbConnectionStringBuilder { ConnectionString = connectionString }.Keys.Cast<string>().Select(Plain)];

    /// <summary>Whether any of these is among them.</summary>
    /// <param name="keywords">Keywords, with all names the driver has for them.</param>
    public bool Contain(params ReadOnlySpan<string> keywords)
    {
        foreach (var keyword in keywords)
        {
            if (_keywords.Contains(Plain(keyword)))
            {
                return true;
            }
        }

        return false;
    }

    private static string Plain(string keyword) =>
        keyword.Replace(" ", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal).ToUpperInvariant();
}
