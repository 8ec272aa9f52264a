using SmartCache.Payloads;

namespace SmartCache.Core.Tests.Sessions;

public sealed class CanonicalPayloadTests
{
    private const int FirstNameLength = SessionPayload.HeaderLength;
    private const int FirstValueLength = FirstNameLength + 2 + 1;

    [TestCase("")]
    [TestCase("a=1")]
    [TestCase("a=1 long=value b=")]
    public void A_payload_cut_short_anywhere_is_no_session(string entries)
    {
        var whole = Session(entries).Array;

        for (var length = 0; length < whole.Length; length++)
            Assert.That(IsSession(whole[..length]), Is.False, $"cut to {length} bytes");
    }

    [TestCase("")]
    [TestCase("a=1")]
    public void A_payload_with_anything_behind_it_is_no_session(string entries)
    {
        Assert.That(IsSession([.. Session(entries).Array, 0]), Is.False);
        Assert.That(IsSession([.. Session(entries).Array, .. new byte[6]]), Is.False);
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(3)]
    [TestCase(255)]
    public void Another_revision_is_no_session(byte revision)
    {
        var bytes = Session("a=1").Array;
        bytes[0] = revision;

        Assert.That(IsSession(bytes), Is.False);
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(3)]
    [TestCase(0xFFFFFF)]
    public void A_count_that_lies_is_no_session(int count)
    {
        var bytes = Session("a=1 b=2").Array;
        (bytes[1], bytes[2], bytes[3]) = ((byte)(count >> 16), (byte)(count >> 8), (byte)count);

        Assert.That(IsSession(bytes), Is.False);
    }

    [Test]
    public void A_count_of_millions_in_a_few_bytes_reserves_no_memory()
    {
        var bytes = Session("a=1 b=2").Array;
        (bytes[1], bytes[2], bytes[3]) = (255, 255, 255);
        IsSession(bytes);

        var before = GC.GetAllocatedBytesForCurrentThread();
        IsSession(bytes);

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1_000));
    }

    [TestCase(0, 0)]
    [TestCase(0, 2)]
    [TestCase(0xFF, 0xFF)]
    public void A_name_length_that_lies_is_no_session(byte high, byte low)
    {
        var bytes = Session("a=1").Array;
        (bytes[FirstNameLength], bytes[FirstNameLength + 1]) = (high, low);

        Assert.That(IsSession(bytes), Is.False);
    }

    [TestCase(0, 0, 0, 0)]
    [TestCase(0, 0, 0, 2)]
    [TestCase(0x7F, 0xFF, 0xFF, 0xFF)]
    [TestCase(0x80, 0, 0, 0)]
    [TestCase(0xFF, 0xFF, 0xFF, 0xFF)]
    [TestCase(0xFF, 0xFF, 0xFF, 0xF9)]
    public void A_value_length_that_lies_or_is_negative_is_no_session(byte b1, byte b2, byte b3, byte b4)
    {
        var bytes = Session("a=1").Array;
        new[] { b1, b2, b3, b4 }.CopyTo(bytes, FirstValueLength);

        Assert.That(IsSession(bytes), Is.False);
    }

    [Test]
    public void An_id_of_any_bytes_will_do() =>
        Assert.That(Session(255, "a=1").Id.ToArray(), Is.EqualTo(Enumerable.Repeat((byte)255, 16)));

    [Test]
    public void The_largest_lengths_that_fit_are_read()
    {
        var name = new byte[65_535];
        Array.Fill(name, (byte)'n');
        var value = new byte[100_000];

        var payload = Parse(Bytes(1, [(name, value), ([], [])]));

        Assert.That(payload.Name(payload.Entries[0]).Length, Is.EqualTo(65_535));
        Assert.That(payload.Value(payload.Entries[0]).Length, Is.EqualTo(100_000));
        Assert.That(payload.IndexOf(name), Is.Zero);
        Assert.That(payload.IndexOf(name.AsSpan(1)), Is.EqualTo(-1));
    }

    [Test]
    public void An_empty_payload_is_made_with_the_id_given()
    {
        var empty = SessionPayload.Empty(Session(9, "a=1").Id);

        Assert.That(empty.Bytes.ToArray(), Is.EqualTo(Session(9, "").Bytes.ToArray()));
        Assert.That(empty.IndexOf("a"u8), Is.EqualTo(-1));
    }
}
