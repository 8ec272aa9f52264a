using System.Text.Json;
using SmartCache.Contract.Rows;
using SmartCache.Payloads;

namespace SmartCache.Core.Tests.Sessions;

public sealed class JsonPayloadTests
{
    private static readonly byte[][] Values =
    [
        [], "text"u8.ToArray(), "☃ 😀"u8.ToArray(), "\"quoted\" \\ / <b>&'"u8.ToArray(), "two\r\n\tlines"u8.ToArray(), "{\"base64\":\"AA==\"}"u8.ToArray(),
        [0], [0, 0, 0, 5], [0x1F], [0x7F], [0xFF, 0xFE], [0xC3], [0xED, 0xA0, 0x80], "\u0085\ufffe"u8.ToArray(), new byte[100_000],
    ];

    [TestCaseSource(nameof(Values))]
    public void A_value_comes_back_byte_by_byte(byte[] value)
    {
        var session = Parse(Bytes(7, [("name"u8.ToArray(), value)]));

        Assert.That(Decode(Encode(session)).Array, Is.EqualTo(session.Array));
    }

    [TestCase("")]
    [TestCase("base64")]
    [TestCase("id")]
    [TestCase("a\"b\\c/d")]
    [TestCase("tab\tline\n")]
    [TestCase("schlüssel☃😀")]
    public void A_name_comes_back_byte_by_byte(string name)
    {
        var session = Parse(Bytes(7, [(Encoding.UTF8.GetBytes(name), [1]), ("other"u8.ToArray(), [2])]));

        Assert.That(Decode(Encode(session)).Array, Is.EqualTo(session.Array));
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(13)]
    [TestCase(3_000)]
    public void Entries_come_back_in_their_order(int count)
    {
        var session = Parse(Bytes(7, ManyEntries(count)));

        Assert.That(Decode(Encode(session)).Array, Is.EqualTo(session.Array));
    }

    [Test]
    public void Text_is_readable_and_other_values_are_base64()
    {
        var session = Parse(SessionBytes.Of([.. Enumerable.Range(1, 16).Select(i => (byte)i)], [("name"u8.ToArray(), "Zoë ☃"u8.ToArray()), ("counter"u8.ToArray(), [0, 0, 0, 5])]));

        Assert.That(
            Encoding.UTF8.GetString(Encode(session)),
            Is.EqualTo($$$$"""{"id":"{{{{new Guid(session.Id)}}}}","entries":{"name":"Zoë ☃","counter":{"base64":"AAAABQ=="}}}"""));
    }

    [Test]
    public void A_session_with_a_NUL_in_a_name_is_saved_as_bytes()
    {
        var session = Parse(Bytes(7, [("a\0b"u8.ToArray(), [1])]));

        var (format, bytes) = RowFormat.Encode(session, PayloadFormat.Json);

        Assert.That(format, Is.EqualTo(RowFormat.Session));
        Assert.That(bytes, Is.EqualTo(session.Array));
    }

    [TestCase(PayloadFormat.Binary, RowFormat.Session)]
    [TestCase(PayloadFormat.Json, RowFormat.SessionJson)]
    public void Both_forms_are_read_whatever_the_setting(PayloadFormat setting, int expected)
    {
        var session = Session("a=1 b=2");

        var (format, bytes) = RowFormat.Encode(session, setting);

        Assert.That(format, Is.EqualTo(expected));
        Assert.That(RowFormat.TryDecode(format, bytes, out var decoded), Is.True);
        Assert.That(decoded!.Array, Is.EqualTo(session.Array));
    }

    [TestCase("5", "5")]
    [TestCase("true", "true")]
    [TestCase("null", "null")]
    [TestCase("[1, 2]", "[1, 2]")]
    [TestCase("""{"a": 1}""", """{"a": 1}""")]
    [TestCase("""{"base64": "AA==", "more": 1}""", """{"base64": "AA==", "more": 1}""")]
    [TestCase("\"\\u2603\"", "☃")]
    public void What_another_program_wrote_reads_as_its_text(string json, string expected)
    {
        var session = Decode(Encoding.UTF8.GetBytes($$"""{"entries":{"a":{{json}}},"more":1,"id":"{{Guid.Empty}}"}"""));

        Assert.That(Encoding.UTF8.GetString(session.Value(session.Entries[0])), Is.EqualTo(expected));
    }

    [TestCase("")]
    [TestCase("null")]
    [TestCase("[]")]
    [TestCase("{}")]
    [TestCase("""{"id":"00000000-0000-0000-0000-000000000000"}""")]
    [TestCase("""{"id":"x","entries":{}}""")]
    [TestCase("""{"id":5,"entries":{}}""")]
    [TestCase("""{"id":"00000000-0000-0000-0000-000000000000","entries":[]}""")]
    [TestCase("""{"id":"00000000-0000-0000-0000-000000000000","entries":{"a":"1","a":"2"}}""")]
    [TestCase("""{"id":"00000000-0000-0000-0000-000000000000","entries":{"a":{"base64":"?"}}}""")]
    [TestCase("""{"id":"00000000-0000-0000-0000-000000000000","entries":{"a":{"base64":5}}}""")]
    [TestCase("""{"id":"00000000-0000-0000-0000-000000000000","entries":{"a":"\ud800"}}""")]
    [TestCase("""{"id":"00000000-0000-0000-0000-000000000000","entries":{"\ud800":"a"}}""")]
    public void Any_other_text_is_damaged(string json) =>
        Assert.That(JsonPayload.TryDecode(Encoding.UTF8.GetBytes(json), out _), Is.False);

    [Test]
    public void A_name_too_long_for_a_session_is_damaged() =>
        Assert.That(
            JsonPayload.TryDecode(Encoding.UTF8.GetBytes($$$"""{"id":"{{{Guid.Empty}}}","entries":{"{{{new string('n', 65_536)}}}":"1"}}"""), out _), Is.False);

    [Test]
    public void Text_cut_short_anywhere_is_damaged()
    {
        var whole = Encode(Parse(Bytes(7, [("a☃"u8.ToArray(), "text"u8.ToArray()), ("b"u8.ToArray(), [0])])));

        for (var length = 0; length < whole.Length; length++)
            Assert.That(JsonPayload.TryDecode(whole[..length], out _), Is.False, $"cut to {length} bytes");
    }

    private static byte[] Encode(SessionPayload session)
    {
        Assert.That(JsonPayload.TryEncode(session, out var json), Is.True);
        using var document = JsonDocument.Parse(json!);
        return json!;
    }

    private static SessionPayload Decode(byte[] json) =>
        JsonPayload.TryDecode(json, out var session) ? session : throw new ArgumentException($"{Encoding.UTF8.GetString(json)} is no session.");
}
