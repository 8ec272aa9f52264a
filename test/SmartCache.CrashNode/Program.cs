using SmartCache.CrashNode;
using SmartCache.CrashNode.Plans;
using SmartCache.CrashNode.Requests;
using SmartCache.CrashNode.Work;

// One process of the app that is killed, or whose database is: it stores entries until its input is closed, so also
// when whoever started it is gone, and says when a store has been acknowledged.
var arguments = NodeArguments.Parse(args);
using var stop = new CancellationTokenSource();
await using var app = new StockApp(arguments);
var announcer = new Announcer(Console.Out);
var plan = new SessionPlan(arguments.Run);
var workers = Enumerable.Range(0, arguments.Workers)
    .Select(number => Task.Run(() => new Visitor(app, plan, announcer, arguments, $"{number}").RunAsync(stop.Token)))
    .Concat(Enumerable.Range(0, arguments.LogsOut ? SessionPlan.LoggedOut : 0)
        .Select(number => Task.Run(() => new Porter(app, plan, announcer, arguments, number).RunAsync(stop.Token))))
    .ToList();

// A worker never fails, unless something is wrong with it: then the process does.
await Task.WhenAny([.. workers, Console.In.ReadToEndAsync()]);
await stop.CancelAsync();
await Task.WhenAll(workers);
