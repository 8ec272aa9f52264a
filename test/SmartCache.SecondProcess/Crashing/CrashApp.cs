namespace SmartCache.SecondProcess.Crashing;

/// <summary>Stores entries until the input is closed, and says when a store has been acknowledged.</summary>
internal static class CrashApp
{
    public static async Task RunAsync(CrashArguments arguments)
    {
        using var stop = new CancellationTokenSource();
        await using var app = new StockApp(arguments);
        var announcer = new Announcer(Console.Out);
        var plan = new SessionPlan(arguments.Run);
        var workers = Enumerable.Range(0, arguments.Workers)
            .Select(number => Task.Run(() => new Visitor(app, plan, announcer, arguments, $"{number}").RunAsync(stop.Token)))
            .Concat(Enumerable.Range(0, arguments.LogsOut ? SessionPlan.LoggedOut : 0)
                .Select(number => Task.Run(() => new Porter(app, plan, announcer, arguments, number).RunAsync(stop.Token))))
            .Concat(Enumerable.Range(0, SessionPlan.Counted)
                .Select(number => Task.Run(() => new Counter(app, plan, announcer, arguments, number).RunAsync(stop.Token))))
            .ToList();

        // A worker never fails, unless something is wrong with it: then the process does.
        await Task.WhenAny([.. workers, Console.In.ReadToEndAsync()]);
        await stop.CancelAsync();
        await Task.WhenAll(workers);
    }
}
