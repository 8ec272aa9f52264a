using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection;

var services = new ServiceCollection();
services.AddSmartSqliteCache(Environment.GetEnvironmentVariable("CONNECTION")!);
await using var provider = services.BuildServiceProvider();
var cache = provider.GetRequiredService<IDistributedCache>();
var visits = int.Parse(cache.GetString("console") ?? "0") + 1;
cache.SetString("console", $"{visits}");
Console.WriteLine($"visit {visits}");
