using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using NUnit.Framework.Constraints;
using SmartCache.Primitives;
using SmartCache.Rows;
using SmartCache.Sessions;

namespace SmartCache.Core.Tests.Sessions;

/// <summary>What a request remembers of the sessions it has loaded.</summary>
public sealed class SessionRequestTests
{
    private static readonly CacheKey Key = CacheKey.From("key");
    private static readonly object Cache = new();

    private readonly SessionRequest _request = new();
    private readonly object _session = new();

    [TestCase(true)]
    [TestCase(false)]
    public void A_later_read_for_the_same_session_or_at_the_commit_only_renews_theirs(bool atCommit)
    {
        Observe(_session, "a=1");
        Observe(atCommit ? null : _session, "a=2");

        var snapshot = _request.Find(Cache, Key)!.Find(null)!;
        Assert.That(Text(snapshot.Basis.Base!), Is.EqualTo("a=1"));
        Assert.That(Text(snapshot.Theirs.Session!), Is.EqualTo("a=2"));
    }

    [Test]
    public void An_expired_row_is_a_miss_that_knows_the_row()
    {
        _request.Observe(Cache, Key, _session, SaveScene.Row(Session("a=1"), SaveScene.Dead), isLive: false, held: null);

        var snapshot = _request.Find(Cache, Key)!.Find(null)!;
        Assert.That(snapshot.IsMiss, Is.True);
        Assert.That(snapshot.Theirs.Version, Is.EqualTo(SaveScene.RowVersion));
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
    public void Of_many_misses_of_keys_like_a_session_middlewares_no_more_are_remembered()
    {
        var keys = Enumerable.Range(0, 1_000).Select(_ => CacheKey.From(Guid.NewGuid().ToString())).ToList();
        keys.ForEach(Miss);

        Assert.That(keys.Count(key => _request.Find(Cache, key) is not null), Is.EqualTo(16));
    }

    [Test]
    public async Task What_was_forgotten_is_known_to_have_been_a_miss()
    {
        Miss(Key);
        await RecallAsync(Is.Null);
        TestKeys.Many(100).ForEach(Miss);

        await RecallAsync(Has.Property(nameof(SessionSnapshot.IsMiss)).True);
        Assert.That(_request.Find(Cache, Key), Is.Not.Null);
    }

    [Test]
    public async Task A_miss_that_is_being_saved_is_not_forgotten()
    {
        Miss(Key);
        using (await EnterAsync())
        {
            TestKeys.Many(100).ForEach(Miss);
            Renew(known => known with { Basis = known.Basis with { Base = Session("a=1") } });
        }

        Assert.That(_request.Find(Cache, Key)!.Find(_session)!.IsMiss, Is.False);
    }

    [Test]
    public void A_miss_that_was_saved_since_is_not_forgotten()
    {
        Miss(Key);
        Renew(known => known with { Basis = known.Basis with { Base = Session("a=1") } });
        TestKeys.Many(100).ForEach(Miss);

        Assert.That(_request.Find(Cache, Key), Is.Not.Null);
    }

    [Test]
    public async Task Nothing_is_remembered_of_a_key_that_was_only_used()
    {
        using (var use = await EnterAsync())
        {
            use.Renew(_session, known => known);
        }

        Assert.That(_request.Find(Cache, Key), Is.Null);
    }

    [Test]
    public void Each_session_object_has_a_base_of_its_own()
    {
        var inner = new object();
        Observe(_session, "a=1");
        Observe(inner, "a=2");
        Observe(_session, "a=3");

        var known = _request.Find(Cache, Key)!;
        Assert.That(Text(known.Find(_session)!.Basis.Base!), Is.EqualTo("a=1"));
        Assert.That(Text(known.Find(inner)!.Basis.Base!), Is.EqualTo("a=2"));
        Assert.That(known.Find(new object()), Is.Null);
    }

    [Test]
    public void Sessions_end_from_the_inside_out()
    {
        var inner = new object();
        Observe(_session, "a=1");
        Observe(inner, "a=2");

        var known = _request.Find(Cache, Key)!;
        Assert.That(known.FindForCommit(inner)!.Owner, Is.SameAs(inner), "in mid-request it does not end");
        var owners = Enumerable.Range(0, 3).Select(_ => known.FindForCommit(null)!.Owner).ToList();
        Assert.That(owners, Is.EqualTo(new[] { inner, _session, inner }), "and the last again, if it was not the last after all");
    }

    [Test]
    public void A_run_anew_ends_after_the_run_before_it()
    {
        var anew = new object();
        Observe(_session, "a=1");
        var known = _request.Find(Cache, Key)!;
        Assert.That(known.FindForCommit(null)!.Owner, Is.SameAs(_session));
        Observe(anew, "a=2");

        Assert.That(known.FindForCommit(null)!.Owner, Is.SameAs(anew));
    }

    [Test]
    public async Task Of_one_key_there_is_one_user_at_a_time()
    {
        var first = await EnterAsync();
        var second = EnterAsync();
        var third = EnterAsync();
        using var other = await _request.EnterAsync(Cache, CacheKey.From("other"), async: true, CancellationToken.None);
        Assert.That((second.IsCompleted, third.IsCompleted), Is.EqualTo((false, false)));

        first.Dispose();
        using (await second)
        {
            Assert.That(third.IsCompleted, Is.False);
        }

        (await third).Dispose();
        Assert.That(_request.Find(Cache, Key), Is.Null);
    }

    [Test]
    public async Task A_synchronous_user_waits_as_well()
    {
        var order = new ConcurrentQueue<string>();
        var first = await EnterAsync();
        var second = new Thread(() =>
        {
            using (_request.EnterAsync(Cache, Key, async: false, CancellationToken.None).TakeResult())
            {
                order.Enqueue("second");
            }
        });
        second.Start();
        Assert.That(() => second.ThreadState.HasFlag(ThreadState.WaitSleepJoin), Is.True.After(10).Seconds.PollEvery(1).MilliSeconds);
        order.Enqueue("first");
        first.Dispose();
        Assert.That(second.Join(TimeSpan.FromSeconds(10)), Is.True);
        Assert.That(order, Is.EqualTo(new[] { "first", "second" }));
    }

    [Test]
    public async Task Who_waits_in_vain_leaves_the_next_its_place()
    {
        using var cancellation = new CancellationTokenSource();
        var first = await EnterAsync();
        var second = _request.EnterAsync(Cache, Key, async: true, cancellation.Token).AsTask();
        var third = EnterAsync();
        await cancellation.CancelAsync();
        Assert.That(() => second, Throws.InstanceOf<OperationCanceledException>());

        first.Dispose();
        (await third).Dispose();
        (await EnterAsync()).Dispose();
    }

    [Test]
    public void A_touch_stays_held_over_a_later_read()
    {
        var held = (At: 1L, Hold: 2);
        _request.Observe(Cache, Key, _session, SaveScene.Row(Session("a=1")), isLive: true, held);
        Observe(_session, "a=2");

        Assert.That(_request.Find(Cache, Key)!.Find(null)!.Held, Is.EqualTo(held));
    }

    [Test]
    public void A_touch_stays_held_when_the_middleware_runs_anew()
    {
        var held = (At: 1L, Hold: 2);
        _request.Observe(Cache, Key, _session, SaveScene.Row(Session("a=1")), isLive: true, held);
        Observe(new object(), "a=2");

        Assert.That(_request.Find(Cache, Key)!.Find(null)!.Held, Is.EqualTo(held), "else nobody would release it");
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

    private async Task RecallAsync(IResolveConstraint expected)
    {
        using var use = await EnterAsync();
        Assert.That(use.RecallMiss(_session, found: null), expected);
    }

    private Task<RequestedKey> EnterAsync() => _request.EnterAsync(Cache, Key, async: true, CancellationToken.None).AsTask();

    private void Renew(Func<SessionSnapshot, SessionSnapshot> change) => _request.Find(Cache, Key)!.Renew(_session, change);

    private void Observe(object? owner, string entries) =>
        _request.Observe(Cache, Key, owner, SaveScene.Row(Session(entries)), isLive: true, held: null);

    private void Miss(CacheKey key) => _request.Observe(Cache, key, _session, Row.Absent, isLive: false, held: null);
}
