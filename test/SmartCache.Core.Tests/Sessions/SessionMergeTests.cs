using SmartCache.Payloads;
using SmartCache.Sessions;

namespace SmartCache.Core.Tests.Sessions;

/// <summary>The rules of the merge, one by one: what was loaded, what is saved, what the row holds by now.</summary>
public sealed class SessionMergeTests
{
    [TestCase("a=1", "a=1 b=2", "a=1", "a=1 b=2", TestName = "Nobody came between: what is saved is mine")]
    [TestCase("a=1", "a=1", "a=2 b=3", "a=2 b=3", TestName = "Nothing was changed: theirs stay as they are")]
    [TestCase("a=1 b=2", "a=3 b=2", "a=1 b=4", "a=3 b=4", TestName = "Each side changed another entry: both changes survive")]
    [TestCase("x=0", "x=0 a=1", "x=0 b=2", "x=0 b=2 a=1", TestName = "Each side added another entry: both are there")]
    [TestCase("a=1 b=2", "b=2", "a=1 b=3", "b=3", TestName = "Our removal leaves what they changed elsewhere")]
    [TestCase("a=1 b=2", "a=1 b=3", "b=2", "b=3", TestName = "Their removal stays where we changed something else")]
    [TestCase("a=1 b=2", "b=2", "a=9 b=2", "b=2", TestName = "Our removal beats their change")]
    [TestCase("a=1 b=2", "a=9 b=2", "b=2", "b=2 a=9", TestName = "Our change brings back what they removed")]
    [TestCase("a=1 b=2", "b=2", "b=2", "b=2", TestName = "An entry that both removed stays removed")]
    [TestCase("a=1", "a=2", "a=3", "a=2", TestName = "The same entry changed on both sides: the later save wins")]
    [TestCase("", "a=2", "a=3", "a=2", TestName = "The same entry added on both sides: the later save wins")]
    [TestCase("a=1", "a=2", "a=2", "a=2", TestName = "The same change on both sides is made once")]
    [TestCase("a=1", "a=", "a=3", "a=", TestName = "The later save wins with an empty value too")]
    [TestCase("a=1 b=2", "", "a=1 b=2 c=3", "c=3", TestName = "Clearing removes what was loaded, not what others added")]
    [TestCase("a=1 b=2", "", "a=1 b=3", "", TestName = "Clearing removes a loaded entry that others changed")]
    [TestCase("a=1 b=2 c=3", "c=9 a=1 d=4", "e=5 c=3 b=2 a=1", "e=5 c=9 a=1 d=4", TestName = "The order of theirs is kept and new entries are appended")]
    [TestCase("", "c=1 b=2 a=3", "z=0", "z=0 c=1 b=2 a=3", TestName = "New entries are appended in the order of mine")]
    [TestCase("a=1 b=2", "b=2 a=1", "a=3 b=2", "a=3 b=2", TestName = "Another order alone changes nothing")]
    public void A_merge_follows_the_rules(string from, string mine, string theirs, string expected) =>
        Assert.That(Text(Merge(Session(from), Session(mine), Session(theirs))), Is.EqualTo(expected));

    [TestCase("a=1", "a=1 b=2", "a=1 c=3", "", TestName = "Different entries are no conflict")]
    [TestCase("a=1", "a=2", "a=1", "", TestName = "A change that is ours alone is no conflict")]
    [TestCase("a=1", "a=1", "a=2", "", TestName = "A change that is theirs alone is no conflict")]
    [TestCase("a=1 b=1", "a=2 b=1", "a=2 b=3", "", TestName = "The same change on both sides is no conflict")]
    [TestCase("", "a=2", "a=2 b=3", "", TestName = "The same addition on both sides is no conflict")]
    [TestCase("a=1 b=1", "b=1", "b=2", "", TestName = "The same removal on both sides is no conflict")]
    [TestCase("a=1", "a=2", "a=3", "a", TestName = "Two changes of one entry are a conflict")]
    [TestCase("", "a=2", "a=3", "a", TestName = "Two additions of one name are a conflict")]
    [TestCase("a=1 b=1", "b=1", "a=3 b=1", "a", TestName = "Our removal against their change is a conflict")]
    [TestCase("a=1 b=1", "a=3 b=1", "b=1", "a", TestName = "Our change against their removal is a conflict")]
    [TestCase("a=1 b=1 c=1 d=1", "a=2 c=2 e=2", "a=3 b=3 c=1 e=3", "a b e", TestName = "Every conflict is named once")]
    public void Conflicts_are_named(string from, string mine, string theirs, string expected)
    {
        var conflicts = new List<string>();
        SessionMerge.Apply(Session(theirs), SessionDifference.Between(Session(from), Session(mine)), conflicts);

        Assert.That(conflicts.Order(), Is.EqualTo(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
    }

    [Test]
    public void The_session_id_of_the_row_is_kept()
    {
        var merged = Merge(Session(1, "a=1"), Session(2, "a=2"), Session(3, "b=1"));

        Assert.That(merged.Id.ToArray(), Is.EqualTo(Session(3, "").Id.ToArray()));
    }

    [Test]
    public void A_session_that_two_requests_began_takes_the_entries_of_both_and_the_id_of_the_first() =>
        Assert.That(Merge(null, Session(2, "b=2"), Session(1, "a=1")).Bytes.ToArray(), Is.EqualTo(Session(1, "a=1 b=2").Bytes.ToArray()));

    [TestCase("a=1 b=2", "a=3 b=2", true, TestName = "Mine is taken as it is where nobody came between")]
    [TestCase("a=1 b=2", "b=3 c=4", true, TestName = "Mine is taken as it is with one entry less and one more")]
    [TestCase("a=1 b=2", "b=2 a=3", false, TestName = "Mine is not taken in another order")]
    [TestCase("a=1 b=2", "c=4 a=1 b=2", false, TestName = "Mine is not taken with a new entry before an old one")]
    public void Nothing_is_put_together_that_is_there_already(string from, string mine, bool isMine)
    {
        var (theirs, changed) = (Session(from), Session(mine));

        var merged = SessionMerge.Apply(theirs, SessionDifference.Between(Session(from), changed), []);

        Assert.That(ReferenceEquals(merged, changed), Is.EqualTo(isMine));
    }

    [Test]
    public void Mine_with_another_id_is_never_taken_as_it_is()
    {
        var merged = SessionMerge.Apply(Session(1, "a=1"), SessionDifference.Between(Session(1, "a=1"), Session(2, "a=2")), []);

        Assert.That(merged.Id.ToArray(), Is.EqualTo(Session(1, "a=1").Id.ToArray()));
        Assert.That(Text(merged), Is.EqualTo("a=2"));
    }

    [Test]
    public void A_merge_changes_none_of_the_payloads_it_was_made_of()
    {
        var (from, mine, theirs) = (Session("a=1 b=2"), Session("a=9 c=3"), Session("a=1 b=2 d=4"));
        var before = (Text(from), Text(mine), Text(theirs));

        var merged = Merge(from, mine, theirs);
        merged.Array.AsSpan().Clear();

        Assert.That((Text(from), Text(mine), Text(theirs)), Is.EqualTo(before));
    }

    [Test]
    public void A_new_incarnation_holds_only_what_was_changed_under_an_id_of_its_own()
    {
        var difference = SessionDifference.Between(Session("a=1 b=2 c=3"), Session("a=1 b=9 d=4"));

        var (one, other) = (SessionMerge.NewIncarnation(difference), SessionMerge.NewIncarnation(difference));

        Assert.That(Text(one), Is.EqualTo("b=9 d=4"));
        Assert.That(one.Id.ToArray(), Is.Not.EqualTo(difference.Mine.Id.ToArray()));
        Assert.That(one.Id.ToArray(), Is.Not.EqualTo(other.Id.ToArray()));
    }

    private static SessionPayload Merge(SessionPayload? from, SessionPayload mine, SessionPayload theirs) =>
        SessionMerge.Apply(theirs, SessionDifference.Between(from, mine), []);
}
