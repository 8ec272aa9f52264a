using SmartCache.Sessions;

namespace SmartCache.Core.Tests.Sessions;

public sealed class SessionDifferenceTests
{
    [TestCase("a=1 b=2", "a=1 b=2", "", "", TestName = "The same entries differ in nothing")]
    [TestCase("a=1 b=2", "b=2 a=1", "", "", TestName = "The same entries in another order differ in nothing")]
    [TestCase("", "a=1 b=2", "a=1 b=2", "", TestName = "Entries added are changed")]
    [TestCase("a=1 b=2", "a=3 b=2", "a=3", "", TestName = "An entry with another value is changed")]
    [TestCase("a=1 b=2", "a=11 b=2", "a=11", "", TestName = "An entry with a longer value is changed")]
    [TestCase("a=1 b=2", "a= b=2", "a=", "", TestName = "An entry whose value was emptied is changed, not removed")]
    [TestCase("a=1 b=2", "b=2", "", "a", TestName = "An entry that is gone is removed")]
    [TestCase("a=1 b=2", "", "", "a b", TestName = "A cleared session has every entry removed")]
    [TestCase("a=1 b=2", "c=3 b=4", "c=3 b=4", "a", TestName = "Additions, changes and removals are told apart")]
    [TestCase("a=1", "A=1", "A=1", "a", TestName = "A name in another case is another entry")]
    public void A_difference_is_what_was_changed_and_what_was_removed(string from, string to, string changed, string removed)
    {
        var difference = SessionDifference.Between(Session(from), Session(to));

        Assert.That(Changed(difference), Is.EqualTo(changed));
        Assert.That(Removed(difference), Is.EqualTo(removed));
        Assert.That(difference.IsEmpty, Is.EqualTo(changed.Length + removed.Length == 0));
    }

    [Test]
    public void Without_a_base_every_entry_is_an_addition()
    {
        var difference = SessionDifference.Between(null, Session("a=1 b=2"));

        Assert.That(Changed(difference), Is.EqualTo("a=1 b=2"));
        Assert.That(Removed(difference), Is.Empty);
    }

    [Test]
    public void Without_a_base_an_empty_session_differs_in_nothing() =>
        Assert.That(SessionDifference.Between(null, Session("")).IsEmpty, Is.True);

    [Test]
    public void The_session_id_is_no_part_of_a_difference() =>
        Assert.That(SessionDifference.Between(Session(1, "a=1"), Session(2, "a=1")).IsEmpty, Is.True);

    [Test]
    public void Many_entries_are_compared_like_few()
    {
        var from = Parse(Bytes(1, ManyEntries(100)));
        var to = Parse(Bytes(1, [.. ManyEntries(101).Skip(2).Reverse()]));

        var difference = SessionDifference.Between(from, to);

        Assert.That(Changed(difference), Is.EqualTo("name 100=value"));
        Assert.That(Removed(difference), Is.EqualTo("name 0 name 1"));
    }

    private static string Changed(SessionDifference difference) =>
        Text(Parse(Bytes(1, [.. difference.Changed.Select(entry => (difference.Mine.Name(entry).ToArray(), difference.Mine.Value(entry).ToArray()))])));

    private static string Removed(SessionDifference difference) =>
        string.Join(' ', difference.Removed.Select(entry => difference.Base!.NameText(entry)));
}
