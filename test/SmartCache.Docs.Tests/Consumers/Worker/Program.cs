using Microsoft.Extensions.Caching.Distributed;

var builder = Host.CreateApplicationBuilder(args);
builder.Services.AddSmartSqliteCache(builder.Configuration["CONNECTION"]!);
builder.Services.AddHostedService<Visitor>();
await builder.Build().RunAsync();

internal sealed class Visitor(IDistributedCache cache, IHostApplicationLifetime lifetime) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var visits = int.Parse(await cache.GetStringAsync("worker", stoppingToken) ?? "0") + 1;
        await cache.SetStringAsync("worker", $"{visits}", stoppingToken);
        Console.WriteLine($"visit {visits}");
        lifetime.StopApplication();
    }
}
