namespace SmartCache.Core.Tests.Sessions;

/// <summary>Names are looked up one way among few entries and another among many: both must do the same.</summary>
public sealed class EntryNameTests
{
    private static readonly int[] Counts = [1, 2, 11, 12, 13, 14, 64, 65, 10_000];

    [TestCaseSource(nameof(Counts))]
    public void Every_entry_is_found_by_its_name(int count)
    {
        var payload = Parse(Bytes(1, ManyEntries(count)));

        for (var i = 0; i < count; i++)
            Assert.That(payload.IndexOf(Encoding.UTF8.GetBytes($"name {i}")), Is.EqualTo(i));
    }

    [TestCaseSource(nameof(Counts))]
    public void No_other_name_is_found(int count)
    {
        var payload = Parse(Bytes(1, ManyEntries(count)));

        foreach (var name in new[] { "", "name", "name ", $"name {count}", "NAME 0", "name 0 ", "value" })
            Assert.That(payload.IndexOf(Encoding.UTF8.GetBytes(name)), Is.EqualTo(-1), name);
    }

    [TestCaseSource(nameof(Counts))]
    public void Two_entries_of_one_name_are_no_session_wherever_they_stand(int count)
    {
        var entries = ManyEntries(count);
        foreach (var twin in new[] { 0, count / 2, count - 1 }.Distinct())
        {
            var name = entries[twin].Name.ToArray();

            Assert.That(IsSession(Bytes(1, [.. entries, (name, [])])), Is.False, $"twin of entry {twin} at the end");
            Assert.That(IsSession(Bytes(1, [(name, []), .. entries])), Is.False, $"twin of entry {twin} at the start");
        }
    }

    [Test]
    public void Names_that_differ_in_case_accents_or_blanks_only_are_different() =>
        Assert.That(IsSession(Bytes(1, [("a"u8.ToArray(), []), ("A"u8.ToArray(), []), ("a "u8.ToArray(), []), ("ä"u8.ToArray(), [])])), Is.True);

    [TestCase(3)]
    [TestCase(30)]
    public void An_empty_name_is_a_name_and_may_occur_once(int others)
    {
        (byte[], byte[]) nameless = ([], [1]);
        var payload = Parse(Bytes(1, [.. ManyEntries(others), nameless]));

        Assert.That(payload.IndexOf([]), Is.EqualTo(others));
        Assert.That(IsSession(Bytes(1, [nameless, .. ManyEntries(others), nameless])), Is.False);
    }

    [TestCase(new byte[] { 0xFF }, TestName = "A byte that UTF-8 never uses makes no session")]
    [TestCase(new byte[] { 0xC3 }, TestName = "Half a character makes no session")]
    [TestCase(new byte[] { 0xC0, 0x80 }, TestName = "An overlong character makes no session")]
    [TestCase(new byte[] { 0xED, 0xA0, 0x80 }, TestName = "A surrogate in UTF-8 makes no session")]
    [TestCase(new byte[] { 0xF4, 0x90, 0x80, 0x80 }, TestName = "A character beyond Unicode makes no session")]
    public void A_name_of_ill_formed_UTF8_is_no_session(byte[] name)
    {
        Assert.That(IsSession(Bytes(1, [(name, [1])])), Is.False);
        Assert.That(IsSession(Bytes(1, [.. ManyEntries(20), (name, [1])])), Is.False);
    }

    [Test]
    public void A_value_may_be_any_bytes_or_none()
    {
        var payload = Parse(Bytes(1, [("any"u8.ToArray(), [0xFF, 0xC3, 0]), ("none"u8.ToArray(), [])]));

        Assert.That(payload.Value(payload.Entries[0]).ToArray(), Is.EqualTo(new byte[] { 0xFF, 0xC3, 0 }));
        Assert.That(payload.Value(payload.Entries[1]).Length, Is.Zero);
    }
}
