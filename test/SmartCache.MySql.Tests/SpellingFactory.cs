using System.Data.Common;
using System.Diagnostics.CodeAnalysis;

// The namespace is what the package knows its driver by.
namespace MySqlConnector;

/// <summary>
/// Stands in for MySqlConnector, whose builder takes every spelling of a keyword for the same one, and says of a keyword
/// that it is there only if the connection string has it.
/// </summary>
internal sealed class SpellingFactory : DbProviderFactory
{
    public override DbConnectionStringBuilder CreateConnectionStringBuilder() => new Builder();

    private sealed class Builder : DbConnectionStringBuilder
    {
        [AllowNull]
        public override object this[string keyword]
        {
            get => base[Settled(keyword)];
            set => base[Settled(keyword)] = value;
        }

        public override bool ContainsKey(string keyword) => base.ContainsKey(Settled(keyword));

        private static string Settled(string keyword) =>
            keyword.Replace(" ", "", StringComparison.Ordinal).Equals("ConnectionReset", StringComparison.OrdinalIgnoreCase) ? "Connection Reset" : keyword;
    }
}
