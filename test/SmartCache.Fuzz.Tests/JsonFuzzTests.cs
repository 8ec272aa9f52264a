using System.Text.Json;
using SmartCache.Payloads;

namespace SmartCache.Fuzz;

/// <summary>The JSON form loses nothing on its way there and back, and takes any text for a session or for damaged.</summary>
public sealed class JsonFuzzTests
{
    [Test]
    public void A_session_comes_back_from_JSON_byte_by_byte() => Cases.Run(static random =>
    {
        var session = SamplePayloads.Parse(SamplePayloads.Draw(random));
        var (format, bytes) = RowFormat.Encode(session, PayloadFormat.Json);

        Assert.That(format == RowFormat.Session, Is.EqualTo(HasNul(session)), "only a name with a NUL keeps it from being JSON");
        if (format == RowFormat.SessionJson)
        {
            using var _ = JsonDocument.Parse(bytes);
        }

        Assert.That(RowFormat.TryDecode(format, bytes, out var decoded));
        Assert.That(decoded!.Bytes.SequenceEqual(session.Bytes));
    });

    [Test]
    public void Any_text_is_a_session_or_damaged() => Cases.Run(static random =>
    {
        var json = random.Chance(0.1) ? random.Bytes(random.Size(4_000)) : JsonTexts.Draw(random);
        if (!JsonPayload.TryDecode(json, out var session))
            return;

        Assert.That(ReferencePayload.Read(session.Array), Is.Not.Null, "what is read is canonical");
        using var document = JsonDocument.Parse(json);
        Assert.That(document.RootElement.GetProperty("id").GetGuid(), Is.EqualTo(new Guid(session.Id)));
        Assert.That(session.Entries.Length, Is.EqualTo(document.RootElement.GetProperty("entries").EnumerateObject().Count()));
        if (JsonPayload.TryEncode(session, out var again))
        {
            Assert.That(JsonPayload.TryDecode(again, out var second));
            Assert.That(second!.Bytes.SequenceEqual(session.Bytes), "written and read again it is the same");
        }
    });

    [Test]
    public void A_damaged_session_in_JSON_never_throws() => Cases.Run(static random =>
    {
        var (format, bytes) = RowFormat.Encode(SamplePayloads.Parse(SamplePayloads.Draw(random)), PayloadFormat.Json);
        if (RowFormat.TryDecode(format, Damage.Apply(random, bytes), out var session))
            Assert.That(ReferencePayload.Read(session.Array), Is.Not.Null, $"canonical: {Encoding.UTF8.GetString(bytes)}");
    });

    private static bool HasNul(SessionPayload session)
    {
        foreach (var entry in session.Entries)
        {
            if (session.Name(entry).Contains((byte)0))
                return true;
        }

        return false;
    }
}
