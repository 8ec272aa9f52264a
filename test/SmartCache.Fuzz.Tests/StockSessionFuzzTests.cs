using Microsoft.AspNetCore.Session;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Logging.Abstractions;
using SmartCache.Payloads;

namespace SmartCache.Fuzz;

/// <summary>The stock session and this parser agree: on what the one writes, and on what the other takes for a session.</summary>
public sealed class StockSessionFuzzTests
{
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);

    [Test]
    public void What_parses_is_what_the_stock_session_reads() => Cases.Run(static random =>
    {
        var bytes = random.Chance(0.3) ? SamplePayloads.Draw(random) : BrokenPayloads.Draw(random);
        if (!SessionPayload.TryParse(bytes, out var payload))
            return;

        var session = Session(new OneValueCache { Value = bytes });

        Assert.That(session.Id, Is.EqualTo(new Guid(payload.Id).ToString()));
        Assert.That(session.Keys.Count(), Is.EqualTo(payload.Entries.Length));
        foreach (var entry in payload.Entries)
        {
            if (!session.TryGetValue(payload.NameText(entry), out var value) || !payload.Value(entry).SequenceEqual(value))
                Assert.Fail($"The stock session has no such {payload.NameText(entry)}.");
        }
    });

    [Test]
    public void What_the_stock_session_writes_parses() => Cases.Run(static random =>
    {
        var cache = new OneValueCache();
        var session = Session(cache);
        session.Set("first", []);
        var entries = Enumerable.Range(0, random.Size(60)).Select(_ => (Name: Texts.Draw(random, isWellFormed: random.Chance(0.9)), Value: SamplePayloads.DrawValue(random))).ToList();
        entries.ForEach(entry => session.Set(entry.Name, entry.Value));
        session.CommitAsync().GetAwaiter().GetResult();

        // Halves of surrogate pairs all become U+FFFD, and two names with them may become the same: no session then.
        var names = session.Keys.Select(Encoding.UTF8.GetBytes).Select(Convert.ToHexString).ToList();
        Assert.That(SessionPayload.TryParse(cache.Value!, out _), Is.EqualTo(names.Distinct().Count() == names.Count));
        Assert.That(ReferencePayload.Read(cache.Value!) is not null, Is.EqualTo(names.Distinct().Count() == names.Count));
    });

    private static DistributedSession Session(OneValueCache cache) =>
        new(cache, "key", Long, Long, static () => true, NullLoggerFactory.Instance, isNewSessionKey: false);

    /// <summary>Holds one value, whatever the key.</summary>
    private sealed class OneValueCache : IDistributedCache
    {
        public byte[]? Value { get; set; }

        public byte[]? Get(string key) => Value;

        public Task<byte[]?> GetAsync(string key, CancellationToken token = default) => Task.FromResult(Value);

        public void Set(string key, byte[] value, DistributedCacheEntryOptions options) => Value = value;

        public Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default)
        {
            Value = value;
            return Task.CompletedTask;
        }

        public void Refresh(string key)
        {
        }

        public Task RefreshAsync(string key, CancellationToken token = default) => Task.CompletedTask;

        public void Remove(string key) => Value = null;

        public Task RemoveAsync(string key, CancellationToken token = default)
        {
            Value = null;
            return Task.CompletedTask;
        }
    }
}
