using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace SmartCache.SecondProcess.Crashing;

/// <summary>Saves entries until the input is closed, and says when a save has been acknowledged.</summary>
internal static class CrashApp
{
    public static async Task RunAsync(CrashArguments arguments)
    {
        using var stop = new CancellationTokenSource();
        await using var app = new StockApp(arguments);
        var announcer = new Announcer(Console.Out);
        var plan = new SessionPlan(arguments.Run);
        Clerk NewClerk(string worker) => new(app, announcer, arguments, worker);
        Worker[] workers =
        [
            .. Enumerable.Range(0, arguments.Workers).Select(number => new Visitor(NewClerk($"{number}"), plan)),
            .. Enumerable.Range(0, arguments.LogsOut ? SessionPlan.LoggedOut : 0).Select(number => new Porter(NewClerk($"porter{number}"), plan, number)),
            .. Enumerable.Range(0, SessionPlan.Counted).Select(number => new Counter(NewClerk($"counter{number}"), plan, number)),
        ];
        var running = workers.Select(worker => Task.Run(() => worker.RunAsync(stop.Token))).ToList();

        // A worker fails only if something is wrong with the worker itself. Then the process fails.
        await Task.WhenAny([.. running, Console.In.ReadToEndAsync()]);
        await stop.CancelAsync();
        await Task.WhenAll(running);
    }
}

/// <summary>The arguments of a process of the app.</summary>
/// <param name="Engine">The database: one of <see cref="SmartCache.Engines.EngineFamily.Engines"/>.</param>
/// <param name="ConnectionString">Where it is.</param>
/// <param name="Run">The name of the run. All its processes use the same sessions.</param>
/// <param name="Name">The name of the process. No other process of the run has or had it.</param>
/// <param name="Journals">The folder for its workers' journals.</param>
/// <param name="Workers">How many requests it has under way at a time.</param>
/// <param name="LogsOut">Whether it begins and logs out sessions. Only one process does.</param>
/// <param name="Concurrency">The mode of its cache.</param>
public sealed record CrashArguments(
    string Engine, string ConnectionString, string Run, string Name, string Journals, int Workers, bool LogsOut, ConcurrencyMode Concurrency);

/// <summary>
/// The sessions in use at a moment. All processes know them without talking to each other, and move on to new ones before
/// they grow large.
/// </summary>
public sealed class SessionPlan(string run)
{
    /// <summary>Sessions in use at a time that stay.</summary>
    public const int Kept = 4;

    /// <summary>Sessions in use at a time that are logged out.</summary>
    public const int LoggedOut = 2;

    /// <summary>Sessions in use at a time in which workers count.</summary>
    public const int Counted = 2;

    private const long KeptMs = 1_000;
    private const long LoggedOutMs = 500;

    public string KeptSession(int number, long now) => Key($"kept {number}", now / KeptMs);

    public string CountedSession(int number, long now) => Key($"counted {number}", now / KeptMs);

    public string LoggedOutSession(int number, long now) => Key($"logged out {number}", now / LoggedOutMs);

    /// <summary>When the next session to be logged out begins, in UTC Unix milliseconds.</summary>
    public static long NextLoggedOut(long now) => ((now / LoggedOutMs) + 1) * LoggedOutMs;

    /// <summary>A key of the form that the stock middleware gives a session.</summary>
    private string Key(string name, long turn)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{run} {name}"));
        BinaryPrimitives.WriteInt64LittleEndian(hash, BinaryPrimitives.ReadInt64LittleEndian(hash) ^ turn);
        return new Guid(hash.AsSpan(0, 16)).ToString();
    }
}
