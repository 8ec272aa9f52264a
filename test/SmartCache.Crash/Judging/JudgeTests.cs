using SmartCache.SecondProcess.Crashing;

namespace SmartCache.Crash;

/// <summary>The judge has to be able to complain, and not to complain of what may be.</summary>
public sealed class JudgeTests
{
    private const string Session = "session";

    private readonly List<Claim> _journal = [];
    private readonly Dictionary<string, IReadOnlyDictionary<string, string>> _found = [];
    private long _store;

    [SetUp]
    public void BeginAnew()
    {
        _journal.Clear();
        _found.Clear();
    }

    [Test]
    public void What_is_as_acknowledged_is_no_reason_to_complain()
    {
        Set("a", "1", ClaimKind.Done);
        Set("b", "1", ClaimKind.Done);
        Remove("b", ClaimKind.Done);
        Find(("a", "1"));

        Assert.That(Complaints(), Is.Empty);
    }

    [Test]
    public void An_acknowledged_entry_that_is_not_there_is_lost()
    {
        Set("a", "1", ClaimKind.Done);
        Set("b", "1", ClaimKind.Done);
        Find(("b", "1"));

        Assert.That(Complaints(), Is.EqualTo(new[] { (ComplaintKind.Lost, "a") }));
    }

    [Test]
    public void All_acknowledged_entries_of_a_session_that_is_not_there_are_lost()
    {
        Set("a", "1", ClaimKind.Done);
        Set("b", "1", ClaimKind.Done);

        Assert.That(Complaints(), Is.EquivalentTo(new[] { (ComplaintKind.Lost, "a"), (ComplaintKind.Lost, "b") }));
    }

    [Test]
    public void An_acknowledged_change_that_is_not_there_is_lost()
    {
        Set("a", "1", ClaimKind.Done);
        Set("a", "2", ClaimKind.Done);
        Find(("a", "1"));

        Assert.That(Complaints(), Is.EqualTo(new[] { (ComplaintKind.Lost, "a") }));
    }

    [Test]
    public void An_acknowledged_removal_whose_entry_is_there_is_undone()
    {
        Set("a", "1", ClaimKind.Done);
        Remove("a", ClaimKind.Done);
        Find(("a", "1"));

        Assert.That(Complaints(), Is.EqualTo(new[] { (ComplaintKind.Undone, "a") }));
    }

    [Test]
    public void A_session_that_is_there_after_its_acknowledged_logout_is_undone()
    {
        Set("a", "1", ClaimKind.Done);
        LogOut(ClaimKind.Done);
        Find(("a", "1"));

        Assert.That(Complaints(), Is.EqualTo(new[] { (ComplaintKind.Undone, "") }));
    }

    [Test]
    public void An_entry_that_nobody_tried_to_set_is_a_phantom()
    {
        Set("a", "1", ClaimKind.Done);
        Find(("a", "1"), ("b", "1"));

        Assert.That(Complaints(), Is.EqualTo(new[] { (ComplaintKind.Phantom, "b") }));
    }

    [Test]
    public void A_value_that_nobody_tried_to_set_is_a_phantom([Values] bool isAcknowledged)
    {
        Set("a", "1", isAcknowledged ? ClaimKind.Done : ClaimKind.Refused);
        Find(("a", "2"));

        Assert.That(Complaints(), Is.EqualTo(new[] { (ComplaintKind.Phantom, "a") }));
    }

    [Test]
    public void A_session_that_nobody_has_heard_of_is_a_phantom()
    {
        Find(("a", "1"));

        Assert.That(Complaints(), Is.EqualTo(new[] { (ComplaintKind.Phantom, "") }));
    }

    [Test]
    public void What_was_refused_or_cut_off_may_be_there_or_not([Values(ClaimKind.Refused, null)] ClaimKind? answer, [Values] bool isThere)
    {
        Set("a", "1", ClaimKind.Done);
        Set("a", "2", answer);
        Find(("a", isThere ? "2" : "1"));

        Assert.That(Complaints(), Is.Empty);
    }

    [Test]
    public void What_was_refused_must_not_come_to_pass_after_what_was_acknowledged_later()
    {
        Set("a", "1", ClaimKind.Refused);
        Set("a", "2", ClaimKind.Done);
        Find(("a", "1"));

        Assert.That(Complaints(), Is.EqualTo(new[] { (ComplaintKind.Lost, "a") }));
    }

    [Test]
    public void A_logout_that_was_refused_may_have_happened_or_not([Values] bool isThere)
    {
        Set("a", "1", ClaimKind.Done);
        LogOut(ClaimKind.Refused);
        if (isThere)
        {
            Find(("a", "1"));
        }

        Assert.That(Complaints(), Is.Empty);
    }

    [Test]
    public void A_logout_that_did_not_happen_is_no_excuse_for_what_is_lost()
    {
        Set("a", "1", ClaimKind.Done);
        LogOut(ClaimKind.Refused);
        Find();

        Assert.That(Complaints(), Is.EqualTo(new[] { (ComplaintKind.Lost, "a") }));
    }

    [Test]
    public void What_a_loaded_session_lacked_is_complained_of_though_it_is_there_now()
    {
        Set("a", "1", ClaimKind.Done);
        _journal.Add(New(ClaimKind.Unseen, "a"));
        Find(("a", "1"));

        Assert.That(Complaints(), Is.EqualTo(new[] { (ComplaintKind.Unseen, "a") }));
    }

    [Test]
    public void A_count_may_include_what_was_refused_or_cut_off([Values("2", "3", "4")] string found)
    {
        CountTwiceAndTwoMore();
        Find(("hits", found));

        Assert.That(Complaints(), Is.Empty);
    }

    [Test]
    public void A_count_that_is_lower_than_what_was_acknowledged_is_lost()
    {
        CountTwiceAndTwoMore();
        Find(("hits", "1"));

        Assert.That(Complaints(), Is.EqualTo(new[] { (ComplaintKind.Lost, "hits") }));
    }

    [Test]
    public void A_count_that_is_higher_than_what_was_tried_is_a_phantom()
    {
        CountTwiceAndTwoMore();
        Find(("hits", "5"));

        Assert.That(Complaints(), Is.EqualTo(new[] { (ComplaintKind.Phantom, "hits") }));
    }

    [Test]
    public void A_count_that_is_not_there_is_lost()
    {
        CountTwiceAndTwoMore();
        Find();

        Assert.That(Complaints(), Is.EqualTo(new[] { (ComplaintKind.Lost, "hits") }));
    }

    [Test]
    public void Answers_are_counted()
    {
        Set("a", "1", ClaimKind.Done);
        LogOut(ClaimKind.Done);
        Set("b", "1", ClaimKind.Refused);
        Set("c", "1", answer: null);
        Add(ClaimKind.Count, ClaimKind.Done, "hits");
        _store++;
        _journal.Add(New(ClaimKind.Refused));

        var verdict = Verdict();
        Assert.That((verdict.Acknowledged, verdict.LogOuts, verdict.Counts, verdict.Refused, verdict.Open, verdict.Unloaded), Is.EqualTo((3, 1, 1, 1, 1, 1)));
    }

    [Test]
    public void An_answer_to_what_nobody_tried_is_an_error()
    {
        _journal.Add(New(ClaimKind.Done));

        Assert.That(Verdict, Throws.InstanceOf<InvalidDataException>());
    }

    private IEnumerable<(ComplaintKind Kind, string Entry)> Complaints() => Verdict().Complaints.Select(complaint => (complaint.Kind, complaint.Entry));

    private Verdict Verdict()
    {
        var judge = new Judge();
        judge.Hear(_journal);
        return judge.Decide(_found);
    }

    private void Set(string entry, string unique, ClaimKind? answer) => Add(ClaimKind.Set, answer, entry, EntryValue.Brief(unique, 0));

    private void Remove(string entry, ClaimKind? answer) => Add(ClaimKind.Remove, answer, entry);

    private void CountTwiceAndTwoMore()
    {
        ClaimKind?[] answers = [ClaimKind.Done, ClaimKind.Refused, null, ClaimKind.Done];
        Array.ForEach(answers, answer => Add(ClaimKind.Count, answer, "hits"));
    }

    private void LogOut(ClaimKind? answer) => Add(ClaimKind.LogOut, answer);

    private void Add(ClaimKind kind, ClaimKind? answer, string entry = "", string text = "")
    {
        _store++;
        _journal.Add(New(kind, entry, text));
        if (answer is { } given)
        {
            _journal.Add(New(given));
        }
    }

    private Claim New(ClaimKind kind, string entry = "", string text = "") => new(kind, _store, 0, Session, entry, text);

    private void Find(params (string Name, string Value)[] entries) =>
        _found[Session] = entries.ToDictionary(entry => entry.Name, entry => EntryValue.Brief(entry.Value));
}
