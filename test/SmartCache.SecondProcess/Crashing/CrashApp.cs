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
