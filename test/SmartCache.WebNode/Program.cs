using SmartCache;
using SmartCache.Contract.Engines;
using SmartCache.Contract.Web.Processes;

// One node of the two-process contracts: engine, connection string, table and concurrency mode are its arguments. It
// says where it listens, and runs until its input is closed.
var engine = (TestEngine)Activator.CreateInstance(Type.GetType(args[0], throwOnError: true)!)!;
try
{
    await using var app = await NodeApp.StartAsync(engine, args[1], args[2], Enum.Parse<ConcurrencyMode>(args[3]));
    Console.WriteLine(app.Address);
    await Console.In.ReadToEndAsync();
}
finally
{
    await engine.StopAsync();
}
