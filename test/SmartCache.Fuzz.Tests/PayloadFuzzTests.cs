using SmartCache.Payloads;

namespace SmartCache.Fuzz;

/// <summary>Whatever bytes come: parsing says no, or yes to exactly what a reading by hand takes for a canonical payload.</summary>
public sealed class PayloadFuzzTests
{
    [Test]
    public void Parsing_agrees_with_a_reading_by_hand() => Cases.Run(static random =>
    {
        var bytes = random.Chance(0.3) ? SamplePayloads.Draw(random) : BrokenPayloads.Draw(random);
        var reference = ReferencePayload.Read(bytes);

        Assert.That(SessionPayload.TryParse(bytes, out var payload), Is.EqualTo(reference is not null), "whether it is a payload");
        if (payload is not null)
        {
            CheckEntries(payload, reference!);
            CheckBytes(payload, bytes);
        }
    });

    private static void CheckEntries(SessionPayload payload, ReferencePayload reference)
    {
        Assert.That(payload.Id.SequenceEqual(reference.Id));
        Assert.That(payload.Entries.Length, Is.EqualTo(reference.Entries.Count));
        for (var i = 0; i < reference.Entries.Count; i++)
        {
            var entry = payload.Entries[i];
            var (name, value) = reference.Entries[i];
            if (payload.NameText(entry) != name || !payload.Value(entry).SequenceEqual(value) || payload.IndexOf(Encoding.UTF8.GetBytes(name)) != i)
                Assert.Fail($"Entry {i} is not {name}.");
        }

        Assert.That(payload.IndexOf("no such name, whatever is drawn"u8), Is.EqualTo(-1));
    }

    /// <summary>Written again from its entries it is what was read.</summary>
    private static void CheckBytes(SessionPayload payload, byte[] bytes)
    {
        var entries = new List<(byte[], byte[])>();
        foreach (var entry in payload.Entries)
            entries.Add((payload.Name(entry).ToArray(), payload.Value(entry).ToArray()));

        Assert.That(SessionBytes.Of(payload.Id.ToArray(), entries).AsSpan().SequenceEqual(bytes), "written again it is the same");
    }
}
