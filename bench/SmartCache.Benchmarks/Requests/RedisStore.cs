using System.Globalization;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection;
using SmartCache.Engines;
using StackExchange.Redis;

namespace SmartCache.Benchmarks;

/// <summary>Microsoft's cache on a Redis server, which is the contender's own.</summary>
internal sealed class RedisStore : SessionStore
{
    // The server may be somebody's.
    private const string Prefix = "bench:";
    private const int AtOnce = 1_000;

    private readonly EngineServer _redis;
    private ConnectionMultiplexer? _connection;
    private long _ownConnections;
    private Population? _population;

    private RedisStore(EngineServer redis) => _redis = redis;

    public string HowCounted =>
        $"""
        Redis {Server.Version} with Microsoft.Extensions.Caching.StackExchangeRedis, as both ship: without a log, with a snapshot now and then.
        Its statements are the commands that the server has processed (INFO).
        """;

    public override IReadOnlyList<string> Uncounted => ["begin, commit", "rows written", "log B"];
    private IDatabase Keys => _connection!.GetDatabase();
    private IServer Server => _connection!.GetServers()[0];

    public static async Task<RedisStore> StartAsync(CancellationToken cancellationToken)
    {
        var store = new RedisStore(await EngineServer.StartAsync("redis", options: null, cancellationToken));
        return await store.StartedAsync(async started =>
        {
            started._connection = await ConnectionMultiplexer.ConnectAsync($"{started._redis.ConnectionString},allowAdmin=true");
            started._ownConnections = await started.InfoAsync("clients", "connected_clients");
        });
    }

    public override Contender Create()
    {
        var services = new ServiceCollection()
            .AddStackExchangeRedisCache(options => (options.Configuration, options.InstanceName) = (_redis.ConnectionString, Prefix))
            .BuildServiceProvider();
        return new CacheContender(services.GetRequiredService<IDistributedCache>(), services);
    }

    public override async ValueTask<Counts> CountsAsync(CancellationToken cancellationToken) =>
        new(Statements: await InfoAsync("stats", "total_commands_processed"), TransactionControl: 0, RowsWritten: 0);

    public override async ValueTask<long?> CountConnectionsAsync(CancellationToken cancellationToken) =>
        await InfoAsync("clients", "connected_clients") - _ownConnections;

    public override async Task FillAsync(Population population, CancellationToken cancellationToken)
    {
        _population = population;
        await RemoveAsync("*");
        var random = new Random(3);
        await using var cache = Create();
        foreach (var keys in population.Keys.Chunk(AtOnce))
            await Task.WhenAll(keys.Select(key => cache.SaveAsync(key, population.Payload.Create(random), isNew: true, cancellationToken)));
    }

    public override async Task<long> FreshenAsync(CancellationToken cancellationToken)
    {
        var now = Clock.Now;
        var expires = DateTimeOffset.FromUnixTimeMilliseconds(now + SlidingMs - 60_000).UtcDateTime;
        foreach (var keys in _population!.Keys.Chunk(AtOnce))
            await Task.WhenAll(keys.Select(key => Keys.KeyExpireAsync(Prefix + key, expires)));

        return now;
    }

    public override async Task<long> CountAsync(CancellationToken cancellationToken) => (await FindAsync("*")).Length;

    public override Task<int> RemoveNewAsync(CancellationToken cancellationToken) =>
        RemoveAsync($"{new string('?', SessionKeys.MarkPosition - 1)}{SessionKeys.New}*");

    public override async Task<(byte[] Value, long ExpiresAt)?> ReadAsync(string key, CancellationToken cancellationToken)
    {
        byte[]? value = await Keys.HashGetAsync(Prefix + key, "data");
        var expires = await Keys.KeyExpireTimeAsync(Prefix + key);
        return value is null || expires is null ? null : (value, new DateTimeOffset(expires.Value).ToUnixTimeMilliseconds());
    }

    public override async ValueTask DisposeAsync()
    {
        if (_connection is not null)
            await _connection.DisposeAsync();
        await _redis.DisposeAsync();
    }

    private async Task<int> RemoveAsync(string pattern) => (int)await Keys.KeyDeleteAsync(await FindAsync(pattern));

    /// <summary>A key may come twice.</summary>
    private async Task<RedisKey[]> FindAsync(string pattern) =>
        [.. (await Server.KeysAsync(pattern: Prefix + pattern, pageSize: AtOnce).ToListAsync()).Distinct()];

    private async Task<long> InfoAsync(string section, string name) =>
        long.Parse((await Server.InfoAsync(section)).SelectMany(group => group).Single(entry => entry.Key == name).Value, CultureInfo.InvariantCulture);
}
