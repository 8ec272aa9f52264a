using System.Text.Json;
using SmartCache;
using SmartCache.Contract.Engines;
using SmartCache.Contract.Nodes;
using SmartCache.Contract.Requests;
using SmartCache.Contract.Web.Processes;
using SmartCache.SecondProcess.Crashing;

// The second process of tests that need one. It runs until it has done its work, or its input is closed, so also when
// whoever started it is gone. An engine is a class of the suite that starts it, by its name.
switch (args)
{
    case ["web", var engine, var connectionString, var table, var concurrency]:
        // One node of the contracts on two processes. It says where it listens.
        await WithAsync(engine, async started =>
        {
            await using var app = await NodeApp.StartAsync(started, connectionString, table, Enum.Parse<ConcurrencyMode>(concurrency));
            Console.WriteLine(app.Address);
            await Console.In.ReadToEndAsync();
        });
        return 0;
    case ["race", var engine, var connectionString, var table, var key, var prefix]:
        // Sets one entry of a session a round, step by step as it is told: Racer says what the steps are.
        await WithAsync(engine, async started =>
        {
            await using var node = new Node(
                started, table, TimeProvider.System, CallStyle.Asynchronous, options => options.ConnectionString = connectionString);
            await new Racer(node, key, prefix).ObeyAsync(Console.In, Console.Out);
        });
        return 0;
    case ["crash", var arguments]:
        // One process of the app that is killed, or whose database is.
        await CrashApp.RunAsync(JsonSerializer.Deserialize<CrashArguments>(arguments)!);
        return 0;
    case ["browse", var family, var connectionString]:
        // The app that a browser visits while it or its database is killed.
        await BrowsedApp.RunAsync(family, connectionString);
        return 0;
    default:
        Console.Error.WriteLine(
            "Usage: web ENGINE CONNECTION TABLE MODE | race ENGINE CONNECTION TABLE KEY PREFIX | crash JSON | browse FAMILY CONNECTION");
        return 2;
}

static async Task WithAsync(string type, Func<TestEngine, Task> run)
{
    var engine = (TestEngine)Activator.CreateInstance(Type.GetType(type, throwOnError: true)!)!;
    try
    {
        await run(engine);
    }
    finally
    {
        await engine.StopAsync();
    }
}
