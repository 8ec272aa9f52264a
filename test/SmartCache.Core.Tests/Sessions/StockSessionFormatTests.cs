using Microsoft.AspNetCore.Session;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using SmartCache.Payloads;
using SmartCache.Sessions;

namespace SmartCache.Core.Tests.Sessions;

/// <summary>What is parsed is what the session class of the installed framework saves, not a copy of its format.</summary>
public sealed class StockSessionFormatTests
{
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);

    private readonly MemoryDistributedCache _cache = new(Options.Create(new MemoryDistributedCacheOptions()));

    [Test]
    public void A_saved_session_shows_its_entries_in_order()
    {
        var session = StockSession();
        session.Set("user", Encoding.UTF8.GetBytes("alice"));
        session.Set("☃", [0, 255]);
        session.Set("", [7]);
        session.Set("nothing", []);

        var payload = Payloads.Parse(Store(session));

        Assert.That(payload.Entries.Length, Is.EqualTo(4));
        Assert.That(
            payload.Entries.ToArray().Select(entry => (payload.NameText(entry), Convert.ToHexString(payload.Value(entry)))),
            Is.EqualTo(new[] { ("user", "616C696365"), ("☃", "00FF"), ("", "07"), ("nothing", "") }));
    }

    [Test]
    public void A_cleared_session_is_a_payload_without_entries_and_keeps_its_id()
    {
        var session = StockSession();
        session.Set("a", [1]);
        var before = Payloads.Parse(Store(session));
        session.Clear();

        var after = Payloads.Parse(Store(session));

        Assert.That(after.Entries.Length, Is.Zero);
        Assert.That(after.Id.ToArray(), Is.EqualTo(before.Id.ToArray()));
        Assert.That(after.Bytes.ToArray(), Is.EqualTo(SessionPayload.Empty(before.Id).Bytes.ToArray()));
    }

    [Test]
    public void The_stock_session_reads_a_merged_payload()
    {
        var merged = SessionMerge.Apply(
            Payloads.Session("a=1 b=2"), SessionDifference.Between(Payloads.Session("a=1"), Payloads.Session("a=3 c=4")), []);
        _cache.Set("key", merged.Array);

        var session = StockSession();

        Assert.That(session.Keys, Is.EquivalentTo(new[] { "a", "b", "c" }));
        Assert.That(session.TryGetValue("a", out var value) ? Encoding.UTF8.GetString(value) : null, Is.EqualTo("3"));
    }

    private DistributedSession StockSession() =>
        new(_cache, "key", Long, Long, () => true, NullLoggerFactory.Instance, isNewSessionKey: false);

    private byte[] Store(DistributedSession session)
    {
        session.CommitAsync().GetAwaiter().GetResult();
        return _cache.Get("key")!;
    }
}
