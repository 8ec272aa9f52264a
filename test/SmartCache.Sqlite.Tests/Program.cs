using SmartCache.Contract.Nodes;
using SmartCache.Contract.Requests;

namespace SmartCache.Sqlite.Tests;

/// <summary>The second process of <see cref="TwoProcessTests"/>: stores entries of its own in a session.</summary>
public static class Program
{
    public static async Task Main(string[] arguments)
    {
        var (file, table, key, prefix, count) = (arguments[0], arguments[1], arguments[2], arguments[3], int.Parse(arguments[4], null));
        await using var node = new Node(new SqliteEngine(file), table, TimeProvider.System, CallStyle.Asynchronous);
        await StoreAsync(node, key, prefix, count);
    }

    internal static async Task StoreAsync(Node node, string key, string prefix, int count)
    {
        for (var number = 0; number < count; number++)
        {
            var request = new SimulatedRequest(node, key);
            await request.SetAsync($"{prefix}{number}", $"{number}");
            await request.EndAsync();
        }
    }
}
