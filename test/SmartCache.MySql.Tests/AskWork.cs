using System.Globalization;
using SmartCache.Storage;

namespace SmartCache.MySql.Tests;

/// <summary>Asks something on a connection of the cache's own.</summary>
internal sealed class AskWork(string text) : StoreWork<string>
{
    public override bool Writes => false;

    public override ValueTask<string> RunAsync(StoreConnection connection, bool async, CancellationToken cancellationToken)
    {
        using var command = connection.Connection.CreateCommand();
        command.CommandText = text;
        return new(Convert.ToString(command.ExecuteScalar(), CultureInfo.InvariantCulture) ?? "");
    }
}
