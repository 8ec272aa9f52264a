using SmartCache.Sessions;
using SmartCache.Storage;
using static SmartCache.Core.Tests.Sessions.Payloads;

namespace SmartCache.Core.Tests.Sessions;

public sealed class CommitSizeTests
{
    private static readonly SessionPayload Small = Session("a=1");
    private static readonly SessionPayload Large = Session("a=1 b=0123456789");

    [Test]
    public void A_payload_of_just_the_limit_is_stored() =>
        Assert.That(Store(null, Large, row: null, limit: Large.Bytes.Length).Action, Is.EqualTo(MergeAction.Insert));

    [Test]
    public void A_payload_over_the_limit_is_refused_with_size_limit_and_short_hash()
    {
        var exception = Assert.Throws<CacheValueTooLargeException>(() => Store(Small, Large, Small, limit: Large.Bytes.Length - 1));

        Assert.That(exception.Size, Is.EqualTo(Large.Bytes.Length));
        Assert.That(exception.Limit, Is.EqualTo(Large.Bytes.Length - 1));
        Assert.That(exception.KeyHash, Is.EqualTo(new CommitScene().Key.ToString()));
        Assert.That(exception.Message, Does.Contain(exception.KeyHash).And.Contain($"{exception.Size}").And.Contain($"{exception.Limit}"));
    }

    [Test]
    public void A_merged_payload_over_the_limit_is_refused_though_mine_fits()
    {
        var exception = Assert.Throws<CacheValueTooLargeException>(
            () => Store(Small, Session("a=1 c=2"), Large, limit: Large.Bytes.Length));

        Assert.That(exception.Size, Is.EqualTo(Session("a=1 b=0123456789 c=2").Bytes.Length));
    }

    [Test]
    public void Mine_over_the_limit_is_refused_though_the_merged_payload_would_fit() =>
        Assert.That(
            () => Store(Large, Session("a=2 b=0123456789"), Small, limit: Large.Bytes.Length - 1), Throws.TypeOf<CacheValueTooLargeException>());

    [Test]
    public void A_payload_over_the_limit_that_changes_nothing_is_no_store() =>
        Assert.That(Store(Large, Large, Large, limit: 1).Action, Is.EqualTo(MergeAction.None));

    private static MergeStep Store(SessionPayload? from, SessionPayload mine, SessionPayload? row, int limit)
    {
        var scene = new CommitScene { Base = from, Mine = mine };
        scene.Options.MaxValueSize = limit;
        return scene.Commit().Decide(row is null ? null : CommitScene.Row(row));
    }
}
