using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using SmartCache.Contract.Nodes;
using SmartCache.Contract.Values;
using SmartCache.Engines;

namespace SmartCache.Postgres.Tests;

/// <summary>A server of the tests' own goes away and comes back; the app stays.</summary>
public sealed class OutageTests
{
    private EngineServer _server = null!;

    [OneTimeSetUp]
    public async Task StartServer() => _server = await EngineServer.StartAsync(EngineName.Postgres);

    [OneTimeTearDown]
    public async Task EndServer() => await _server.DisposeAsync();

    [Test]
    public async Task The_app_starts_while_the_database_is_down_and_works_when_it_is_up([Values] CallStyle style)
    {
        await _server.StopAsync();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSmartPostgresCache(_server.ConnectionString);
        using var host = builder.Build();
        await host.StartAsync();
        var cache = new StyledCache(host.Services.GetRequiredService<SmartDistributedCache>(), style);
        Assert.That(() => cache.GetAsync("page"), Throws.InstanceOf<NpgsqlException>());

        await _server.RestartAsync();
        await cache.SetAsync("page", [1], Expires.ByDefault);
        Assert.That(await cache.GetAsync("page"), Is.EqualTo(new byte[] { 1 }));
        await host.StopAsync();
    }

    [Test]
    public async Task A_server_killed_between_two_uses_is_not_noticed([Values] CallStyle style)
    {
        await _server.RestartAsync();
        await using var services = new ServiceCollection().AddSmartPostgresCache(_server.ConnectionString).BuildServiceProvider();
        var cache = new StyledCache(services.GetRequiredService<SmartDistributedCache>(), style);
        await cache.SetAsync("page", [1], Expires.ByDefault);
        await _server.KillAsync();
        await _server.RestartAsync();

        Assert.That(await cache.GetAsync("page"), Is.EqualTo(new byte[] { 1 }));
        Assert.That(() => cache.SetAsync("page", [2], Expires.ByDefault), Throws.Nothing);
        Assert.That(() => cache.RemoveAsync("page"), Throws.Nothing);
    }
}
