using SmartCache.SecondProcess.Crashing;

namespace SmartCache.Crash;

/// <summary>
/// The judge has to be able to complain, and not to complain of what may be. A journal has a word for each save: <c>a=1</c>
/// sets, <c>a-</c> removes, <c>a++</c> counts up, <c>logout</c> logs out; <c>a~</c> notes that a loaded session lacked the
/// entry. A save is acknowledged, or refused (<c>!</c>), or its process was killed before it was told anything (<c>?</c>).
/// </summary>
public sealed class JudgeTests
{
    private const string Session = "session";
    private const string FourCounts = "hits++ hits++! hits++? hits++";

    private readonly List<Claim> _journal = [];
    private readonly Dictionary<string, IReadOnlyDictionary<string, string>> _found = [];
    private long _save;

    [SetUp]
    public void BeginAnew()
    {
        _journal.Clear();
        _found.Clear();
    }

    [TestCase("a=1 b=1 b-", "a=1", "", TestName = "What_is_as_acknowledged_is_no_reason_to_complain")]
    [TestCase("a=1 b=1", "b=1", "Lost a", TestName = "An_acknowledged_entry_that_is_not_there_is_lost")]
    [TestCase("a=1 b=1", null, "Lost a, Lost b", TestName = "All_acknowledged_entries_of_a_session_that_is_not_there_are_lost")]
    [TestCase("a=1 a=2", "a=1", "Lost a", TestName = "An_acknowledged_change_that_is_not_there_is_lost")]
    [TestCase("a=1 a-", "a=1", "Undone a", TestName = "An_acknowledged_removal_whose_entry_is_there_is_undone")]
    [TestCase("a=1 logout", "a=1", "Undone ", TestName = "A_session_that_is_there_after_its_acknowledged_logout_is_undone")]
    [TestCase("a=1", "a=1 b=1", "Phantom b", TestName = "An_entry_that_nobody_tried_to_set_is_a_phantom")]
    [TestCase("a=1", "a=2", "Phantom a", TestName = "A_value_that_nobody_tried_to_set_is_a_phantom(acknowledged)")]
    [TestCase("a=1!", "a=2", "Phantom a", TestName = "A_value_that_nobody_tried_to_set_is_a_phantom(refused)")]
    [TestCase("", "a=1", "Phantom ", TestName = "A_session_that_nobody_has_heard_of_is_a_phantom")]
    [TestCase("a=1 a=2!", "a=1", "", TestName = "What_was_refused_may_be_there_or_not(not)")]
    [TestCase("a=1 a=2!", "a=2", "", TestName = "What_was_refused_may_be_there_or_not(there)")]
    [TestCase("a=1 a=2?", "a=1", "", TestName = "What_was_cut_off_may_be_there_or_not(not)")]
    [TestCase("a=1 a=2?", "a=2", "", TestName = "What_was_cut_off_may_be_there_or_not(there)")]
    [TestCase("a=1! a=2", "a=1", "Lost a", TestName = "What_was_refused_must_not_come_to_pass_after_what_was_acknowledged_later")]
    [TestCase("a=1 logout!", "a=1", "", TestName = "A_logout_that_was_refused_may_have_happened_or_not(not)")]
    [TestCase("a=1 logout!", null, "", TestName = "A_logout_that_was_refused_may_have_happened_or_not(happened)")]
    [TestCase("a=1 logout!", "", "Lost a", TestName = "A_logout_that_did_not_happen_is_no_excuse_for_what_is_lost")]
    [TestCase("a=1 a~", "a=1", "Unseen a", TestName = "What_a_loaded_session_lacked_is_complained_of_though_it_is_there_now")]
    [TestCase(FourCounts, "hits=2", "", TestName = "A_count_may_include_what_was_refused_or_cut_off(none)")]
    [TestCase(FourCounts, "hits=3", "", TestName = "A_count_may_include_what_was_refused_or_cut_off(one)")]
    [TestCase(FourCounts, "hits=4", "", TestName = "A_count_may_include_what_was_refused_or_cut_off(both)")]
    [TestCase(FourCounts, "hits=1", "Lost hits", TestName = "A_count_that_is_lower_than_what_was_acknowledged_is_lost")]
    [TestCase(FourCounts, "hits=5", "Phantom hits", TestName = "A_count_that_is_higher_than_what_was_tried_is_a_phantom")]
    [TestCase(FourCounts, "", "Lost hits", TestName = "A_count_that_is_not_there_is_lost")]
    public void Complaints(string journal, string? found, string expected)
    {
        Write(journal);
        if (found is not null)
            _found[Session] = Words(found).Select(word => word.Split('=')).ToDictionary(entry => entry[0], entry => EntryValue.Brief(entry[1]));

        var complaints = Verdict().Complaints.Select(complaint => $"{complaint.Kind} {complaint.Entry}");
        Assert.That(complaints, Is.EquivalentTo(expected is "" ? [] : expected.Split(", ")));
    }

    [Test]
    public void Answers_are_counted()
    {
        Write("a=1 logout b=1! c=1? hits++");
        _save++;
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

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private Verdict Verdict()
    {
        var judge = new Judge();
        judge.Hear(_journal);
        return judge.Decide(_found);
    }

    private void Write(string journal)
    {
        foreach (var word in Words(journal))
        {
            _save++;
            var text = word.TrimEnd('!', '?');
            _journal.Add(text switch
            {
                "logout" => New(ClaimKind.LogOut),
                [.. var entry, '+', '+'] => New(ClaimKind.Count, entry),
                [.. var entry, '-'] => New(ClaimKind.Remove, entry),
                [.. var entry, '~'] => New(ClaimKind.Unseen, entry),
                _ => New(ClaimKind.Set, text.Split('=')[0], EntryValue.Brief(text.Split('=')[1], 0)),
            });
            if (word[^1] is not ('?' or '~'))
                _journal.Add(New(word[^1] == '!' ? ClaimKind.Refused : ClaimKind.Done));
        }
    }

    private Claim New(ClaimKind kind, string entry = "", string text = "") => new(kind, _save, 0, Session, entry, text);
}
