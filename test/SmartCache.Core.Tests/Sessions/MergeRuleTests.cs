using System.Buffers.Binary;
using SmartCache.Payloads;
using SmartCache.Sessions;

namespace SmartCache.Core.Tests.Sessions;

/// <summary>Entries for which the later save is not simply right: what was loaded, what is saved, what the row holds by now.</summary>
public sealed class MergeRuleTests
{
    private readonly SessionMergeRules _rules = new();

    [TestCase("n=5", "n=6", "n=8", "n=9", TestName = "Add: both have counted up")]
    [TestCase("n=5", "n=3", "n=8", "n=6", TestName = "Add: one has counted down")]
    [TestCase("", "n=2", "n=3", "n=5", TestName = "Add: both have begun to count")]
    [TestCase("n=5", "n=6", "", "n=1", TestName = "Add: they have removed it, and count from 0 again")]
    [TestCase("n=5", "", "n=8", "", TestName = "Add: we have removed it")]
    [TestCase("n=5", "n=6", "n=6", "n=7", TestName = "Add: both have counted up to the same")]
    [TestCase("n=5", "n=6", "n=5", "n=6", TestName = "Add: we alone have counted")]
    [TestCase("n=5", "n=5", "n=6", "n=6", TestName = "Add: they alone have counted")]
    [TestCase("n=1.50", "n=2.75", "n=-10.00", "n=-8.75", TestName = "Add: fractions stay exact")]
    public void Counters_add_up(string from, string mine, string theirs, string expected)
    {
        _rules.Entry("n").Add(EntryNumber.SetString);

        Assert.That(Merged(from, mine, theirs), Is.EqualTo(expected));
    }

    [TestCase("n=5", "n=7", "n=9", "n=9", "n=7", TestName = "Max and Min: theirs is larger")]
    [TestCase("n=5", "n=9", "n=7", "n=9", "n=7", TestName = "Max and Min: mine is larger")]
    [TestCase("", "n=-1", "n=-20", "n=-1", "n=-20", TestName = "Max and Min: numbers are compared, not texts")]
    [TestCase("n=5", "n=4", "", "n=4", "n=4", TestName = "Max and Min: they have removed it")]
    [TestCase("n=5", "", "n=9", "", "", TestName = "Max and Min: we have removed it")]
    public void The_larger_or_smaller_stays(string from, string mine, string theirs, string largest, string smallest)
    {
        _rules.Entry("n").Max(EntryNumber.SetString);
        Assert.That(Merged(from, mine, theirs), Is.EqualTo(largest));

        var min = new SessionMergeRules();
        min.Entry("n").Min(EntryNumber.SetString);
        Assert.That(Merged(from, mine, theirs, min), Is.EqualTo(smallest));
    }

    [TestCase("s=a,b", "s=a,b,c", "s=a,b,d", "s=a,b,d,c", TestName = "Union: both have added")]
    [TestCase("s=a,b", "s=b,c", "s=a,b,d", "s=b,d,c", TestName = "Union: what one removed is gone")]
    [TestCase("s=a,b", "s=a", "s=b", "s=", TestName = "Union: each has removed another")]
    [TestCase("", "s=a", "s=a,b", "s=a,b", TestName = "Union: no member twice")]
    [TestCase("s=a", "s=a,b", "", "s=b", TestName = "Union: they have removed the set, we add to it")]
    [TestCase("s=a", "", "s=a,b", "", TestName = "Union: we have removed the set")]
    public void Sets_are_united(string from, string mine, string theirs, string expected)
    {
        _rules.Entry("s").Union();

        Assert.That(Merged(from, mine, theirs), Is.EqualTo(expected));
    }

    [Test]
    public void Members_of_a_set_that_are_not_UTF8_stay_as_they_are()
    {
        _rules.Entry("s").Union('·');

        var merged = Merge(Entry("s", [0xFF, 0x80]), Entry("s", [0xFF, 0x80, 0xC2, 0xB7, 0xC2]), Entry("s", [0xFF, 0x80, 0xC2, 0xB7, 0xFE]), _rules);

        Assert.That(merged.Value(merged.Entries[0]).ToArray(), Is.EqualTo(new byte[] { 0xFF, 0x80, 0xC2, 0xB7, 0xFE, 0xC2, 0xB7, 0xC2 }));
    }

    [TestCase("", "a=2", "a=1", "a=1", TestName = "First writer: they were first")]
    [TestCase("a=0", "a=2", "a=1", "a=1", TestName = "First writer: they changed it first")]
    [TestCase("a=0", "a=2", "", "", TestName = "First writer: they removed it first")]
    [TestCase("a=0", "", "a=1", "a=1", TestName = "First writer: we remove it too late")]
    [TestCase("a=0", "a=2", "a=0", "a=2", TestName = "First writer: nobody came before us")]
    public void The_first_writer_wins(string from, string mine, string theirs, string expected)
    {
        _rules.Entry("a").FirstWriterWins();

        Assert.That(Merged(from, mine, theirs), Is.EqualTo(expected));
    }

    [TestCase("""{"a":1,"b":1}""", """{"a":2,"b":1}""", """{"a":1,"b":3}""", """{"a":2,"b":3}""", TestName = "JSON: each has changed another property")]
    [TestCase("""{"a":1}""", """{"a":1,"b":2}""", """{"a":1,"c":3}""", """{"a":1,"c":3,"b":2}""", TestName = "JSON: each has added one")]
    [TestCase("""{"a":1,"b":1}""", """{"b":1}""", """{"a":1,"b":2}""", """{"b":2}""", TestName = "JSON: one has removed one")]
    [TestCase("""{"o":{"x":1,"y":1}}""", """{"o":{"x":2,"y":1}}""", """{"o":{"x":1,"y":2}}""", """{"o":{"x":2,"y":2}}""", TestName = "JSON: objects in objects")]
    [TestCase("""{"a":1}""", """{"a":2}""", """{"a":3}""", """{"a":2}""", TestName = "JSON: where both changed one, the later save wins")]
    [TestCase("""{"l":[1]}""", """{"l":[1,2]}""", """{"l":[1,3]}""", """{"l":[1,2]}""", TestName = "JSON: a list is one value")]
    [TestCase("""{"a":null}""", """{"a":1}""", """{"a":null,"b":null}""", """{"a":1,"b":null}""", TestName = "JSON: a null is a value")]
    [TestCase("[1]", "[2]", "[3]", "[2]", TestName = "JSON: what is no object is one value")]
    public void Json_is_merged_property_by_property(string from, string mine, string theirs, string expected)
    {
        _rules.Entry("cart").MergeJson();

        Assert.That(Merged("cart=" + from, "cart=" + mine, "cart=" + theirs), Is.EqualTo("cart=" + expected));
    }

    [Test]
    public void Numbers_of_SetInt32_are_added_up()
    {
        _rules.Entry("n").Add();

        var merged = Merge(Int32(5), Int32(6), Int32(int.MaxValue - 1), _rules);

        Assert.That(merged.Value(merged.Entries[0]).ToArray(), Is.EqualTo(new byte[] { 0x7F, 0xFF, 0xFF, 0xFF }));
    }

    [Test]
    public void An_own_rule_sees_all_three_values_and_may_remove_the_entry()
    {
        var seen = new List<string>();
        _rules.Entry("a").Use((loaded, mine, theirs) =>
        {
            seen.Add($"{String(loaded)} {String(mine)} {String(theirs)}");
            return mine is null ? "gone"u8.ToArray() : null;
        });

        Assert.That(Merged("a=0 b=1", "a=1 b=1", "a=2 b=1"), Is.EqualTo("b=1"));
        Assert.That(Merged("a=0", "", "a=2"), Is.EqualTo("a=gone"));
        Assert.That(Merged("a=0", "a=1", ""), Is.Empty);
        Assert.That(Merged("", "a=1", "a=2"), Is.Empty);
        Assert.That(seen, Is.EqualTo(new[] { "0 1 2", "0 null 2", "0 1 null", "null 1 2" }));
    }

    [Test]
    public void An_entry_that_a_rule_decides_is_no_conflict()
    {
        _rules.Entry("n").Add(EntryNumber.SetString);
        var conflicts = new List<string>();

        SessionMerge.Apply(Session("n=3 a=3"), SessionDifference.Between(Session("n=1 a=1"), Session("n=2 a=2")), conflicts, _rules);

        Assert.That(conflicts, Is.EqualTo(new[] { "a" }));
    }

    [TestCase("n=x", "n=1", "n=2", TestName = "What was loaded is no number")]
    [TestCase("n=1", "n=1e3", "n=2", TestName = "What is to be saved is no number")]
    [TestCase("n=1", "n=2", "n=", TestName = "What the row holds is no number")]
    [TestCase("n=1", "n=79228162514264337593543950335", "n=79228162514264337593543950335", TestName = "The sum is beyond what a decimal holds")]
    public void A_rule_that_fails_is_named(string from, string mine, string theirs)
    {
        _rules.Entry("n").Add(EntryNumber.SetString);

        Assert.That(
            () => Merged(from, mine, theirs),
            Throws.TypeOf<SessionMergeException>().With.Property("EntryName").EqualTo("n").And.Message.Contains("'n'").And.InnerException.Not.Null);
    }

    [Test]
    public void A_sum_beyond_what_SetInt32_holds_fails()
    {
        _rules.Entry("n").Add();

        Assert.That(
            () => Merge(Int32(5), Int32(6), Int32(int.MaxValue), _rules),
            Throws.TypeOf<SessionMergeException>().With.Message.Contains("2147483648").And.InnerException.TypeOf<OverflowException>());
    }

    [Test]
    public void A_value_that_SetInt32_has_not_set_fails_and_is_not_told()
    {
        _rules.Entry("n").Add();

        Assert.That(
            () => Merged("n=secret", "n=other", "n=third"),
            Throws.TypeOf<SessionMergeException>().With.Message.Contains("SetInt32").And.Message.Not.Contains("secret"));
    }

    [Test]
    public void An_own_rule_that_throws_is_named()
    {
        _rules.Entry("a").Use((_, _, _) => throw new InvalidOperationException("No."));

        Assert.That(() => Merged("a=1", "a=2", "a=3"), Throws.TypeOf<SessionMergeException>().With.InnerException.TypeOf<InvalidOperationException>());
    }

    [Test]
    public void Malformed_json_fails_and_is_named()
    {
        _rules.Entry("cart").MergeJson();

        Assert.That(() => Merged("cart={", "cart={}", "cart=[]"), Throws.TypeOf<SessionMergeException>().With.Property("EntryName").EqualTo("cart"));
    }

    [TestCase("tsecret", TestName = "JSON that fails is not told: a word")]
    [TestCase("""{"a":"secret}""", TestName = "JSON that fails is not told: a text without its end")]
    [TestCase("""{"secret":1,"secret":2}""", TestName = "JSON that fails is not told: the same name twice")]
    [TestCase("""{"a":{"secret":1,"secret":2}}""", TestName = "JSON that fails is not told: the same name twice, further down")]
    public void Malformed_json_is_not_told(string value)
    {
        _rules.Entry("cart").MergeJson();

        var failure = Assert.Throws<SessionMergeException>(() => Merged("cart={}", "cart=" + value, """cart={"a":{}}"""));

        Assert.That($"{failure}", Does.Not.Contain("secret"));
    }

    [Test]
    public void An_entry_has_one_rule()
    {
        var entry = _rules.Entry("n");
        entry.Add().Entry("m").Max();

        Assert.That(() => _rules.Entry("n"), Throws.ArgumentException.With.Message.Contains("'n'"));
        Assert.That(() => entry.Union(), Throws.ArgumentException.With.Message.Contains("'n'"));
    }

    [Test]
    public void A_rule_is_not_changed_under_a_cache()
    {
        _rules.Freeze();

        Assert.That(() => _rules.Entry("n").Add(), Throws.InvalidOperationException.With.Message.Contains("'n'"));
    }

    private static SessionPayload Merge(SessionPayload from, SessionPayload mine, SessionPayload theirs, SessionMergeRules rules) =>
        SessionMerge.Apply(theirs, SessionDifference.Between(from, mine), [], rules);

    private static SessionPayload Int32(int value)
    {
        var bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return Entry("n", bytes);
    }

    private static SessionPayload Entry(string name, byte[] value) => Parse(Bytes(1, [(Encoding.UTF8.GetBytes(name), value)]));

    private static string String(byte[]? value) => value is null ? "null" : Encoding.UTF8.GetString(value);

    private string Merged(string from, string mine, string theirs, SessionMergeRules? rules = null) =>
        Text(Merge(Session(from), Session(mine), Session(theirs), rules ?? _rules));
}
