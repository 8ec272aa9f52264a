using Microsoft.AspNetCore.Http;
using SmartCache.Core.Tests.Keys;
using SmartCache.Keys;
using SmartCache.Sessions;
using static SmartCache.Core.Tests.Sessions.Payloads;

namespace SmartCache.Core.Tests.Sessions;

/// <summary>What a request remembers of the sessions it has loaded.</summary>
public sealed class SessionRequestTests
{
    private static readonly CacheKey Key = CacheKey.From("key");
    private static readonly object Cache = new();

    private readonly CommitScene _scene = new();
    private readonly SessionRequest _request = new();
    private readonly object _session = new();

    [Test]
    public void The_first_read_of_a_session_is_its_base()
    {
        Observe(_session, "a=1");

        var snapshot = _request.Find(Cache, Key)!;
        Assert.That(Text(snapshot.Base!), Is.EqualTo("a=1"));
        Assert.That(snapshot.Incarnation, Is.SameAs(snapshot.Base));
        Assert.That(snapshot.IsMiss, Is.False);
    }

    [TestCase(true)]
    [TestCase(false)]
    public void A_later_read_for_the_same_session_or_at_the_commit_only_renews_theirs(bool atCommit)
    {
        Observe(_session, "a=1");
        Observe(atCommit ? null : _session, "a=2");

        var snapshot = _request.Find(Cache, Key)!;
        Assert.That(Text(snapshot.Base!), Is.EqualTo("a=1"));
        Assert.That(Text(snapshot.Theirs.Session!), Is.EqualTo("a=2"));
    }

    [Test]
    public void A_read_for_another_session_object_is_a_new_base_of_which_nothing_is_removed()
    {
        Observe(_session, "a=1");
        _request.Renew(Cache, Key, known => known with { IsRemoved = true });
        Observe(new object(), "a=2");

        var snapshot = _request.Find(Cache, Key)!;
        Assert.That(Text(snapshot.Base!), Is.EqualTo("a=2"));
        Assert.That(snapshot.IsRemoved, Is.False);
    }

    [Test]
    public void An_expired_row_is_a_miss_that_knows_the_row()
    {
        _request.Observe(Cache, Key, _session, _scene.View(CommitScene.Row(Session("a=1"), CommitScene.Dead)), isLive: false, held: null);

        var snapshot = _request.Find(Cache, Key)!;
        Assert.That(snapshot.IsMiss, Is.True);
        Assert.That(snapshot.Theirs.Version, Is.EqualTo(CommitScene.RowVersion));
    }

    [Test]
    public void Caches_and_keys_are_told_apart()
    {
        Observe(_session, "a=1");

        Assert.That(_request.Find(new object(), Key), Is.Null);
        Assert.That(_request.Find(Cache, CacheKey.From("Key")), Is.Null);
    }

    [Test]
    public void Of_many_misses_the_latest_sixteen_are_remembered()
    {
        var keys = TestKeys.Many(20);
        keys.ForEach(Miss);

        Assert.That(keys.Select(key => _request.Find(Cache, key) is not null), Is.EqualTo(Enumerable.Range(0, 20).Select(i => i >= 4)));
    }

    [Test]
    public void The_miss_of_a_session_middlewares_key_is_never_forgotten()
    {
        var key = CacheKey.From(Guid.Empty.ToString());
        Miss(key);
        TestKeys.Many(100).ForEach(Miss);

        Assert.That(_request.Find(Cache, key), Is.Not.Null);
    }

    [Test]
    public void A_miss_that_was_stored_since_is_not_forgotten()
    {
        Miss(Key);
        _request.Renew(Cache, Key, known => known with { Base = Session("a=1") });
        TestKeys.Many(100).ForEach(Miss);

        Assert.That(_request.Find(Cache, Key), Is.Not.Null);
    }

    [Test]
    public void Renewing_what_is_not_known_remembers_nothing()
    {
        _request.Renew(Cache, Key, known => known);

        Assert.That(_request.Find(Cache, Key), Is.Null);
    }

    [Test]
    public void An_access_stays_held_over_a_later_read()
    {
        var held = new HeldTouch(1, 2);
        _request.Observe(Cache, Key, _session, _scene.View(CommitScene.Row(Session("a=1"))), isLive: true, held);
        Observe(_session, "a=2");

        Assert.That(_request.Find(Cache, Key)!.Held, Is.SameAs(held));
    }

    [Test]
    public void An_access_stays_held_when_the_middleware_runs_anew()
    {
        var held = new HeldTouch(1, 2);
        _request.Observe(Cache, Key, _session, _scene.View(CommitScene.Row(Session("a=1"))), isLive: true, held);
        Observe(new object(), "a=2");

        Assert.That(_request.Find(Cache, Key)!.Held, Is.SameAs(held), "else nobody would release it");
    }

    [Test]
    public void Abandoning_acts_once()
    {
        Assert.That(_request.TakeAbandon(), Is.False);

        _request.Abandon();

        Assert.That(_request.TakeAbandon(), Is.True);
        Assert.That(_request.TakeAbandon(), Is.False);
    }

    [Test]
    public void One_context_has_one_request()
    {
        var context = new DefaultHttpContext();

        var requests = new SessionRequest[64];
        Parallel.For(0, requests.Length, i => requests[i] = SessionRequest.For(context));

        Assert.That(requests.Distinct().Count(), Is.EqualTo(1));
        Assert.That(SessionRequest.For(new DefaultHttpContext()), Is.Not.SameAs(requests[0]));
    }

    [Test]
    public void What_an_app_asks_for_is_noted_on_its_request()
    {
        var context = new DefaultHttpContext();

        context.SkipSessionSave();
        context.ForceSessionSave();
        context.SkipSessionRefresh();
        context.AbandonSession();

        var request = SessionRequest.For(context);
        Assert.That((request.SkipSave, request.ForceSave, request.SkipRefresh, request.TakeAbandon()), Is.EqualTo((true, true, true, true)));
    }

    [Test]
    public void Nothing_is_asked_for_by_itself() =>
        Assert.That((_request.SkipSave, _request.ForceSave, _request.SkipRefresh), Is.EqualTo((false, false, false)));

    private void Observe(object? owner, string entries) =>
        _request.Observe(Cache, Key, owner, _scene.View(CommitScene.Row(Session(entries))), isLive: true, held: null);

    private void Miss(CacheKey key) => _request.Observe(Cache, key, _session, RowView.Absent, isLive: false, held: null);
}
