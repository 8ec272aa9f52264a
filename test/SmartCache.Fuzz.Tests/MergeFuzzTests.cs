using SmartCache.Contract.Rows;
using SmartCache.Fuzz.Inputs;
using SmartCache.Fuzz.Models;
using SmartCache.Fuzz.Running;
using SmartCache.Sessions;

namespace SmartCache.Fuzz;

/// <summary>Any three payloads merge into one that parses and holds what the table of merging says.</summary>
public sealed class MergeFuzzTests
{
    [Test]
    public void A_merge_gives_a_payload_with_what_the_rules_say() => Cases.Run(static random =>
    {
        var theirs = Payloads.Draw(random);
        var from = random.Chance(0.1) ? null : Relative(random, theirs);
        var mine = random.Chance(0.3) ? Payloads.Draw(random) : Relative(random, from ?? theirs);

        var difference = SessionDifference.Between(from is null ? null : Parse(from), Parse(mine));
        var conflicts = new List<string>();
        var merged = SessionMerge.Apply(Parse(theirs), difference, conflicts);

        var reference = ReferencePayload.Read(merged.Array.ToArray());
        Assert.That(reference, Is.Not.Null, "what is merged parses");
        Assert.That(SessionPayload.TryParse(merged.Array, out _));
        var expected = ReferenceMerge.Merge(from is null ? null : Read(from), Read(mine), Read(theirs));
        var entries = reference!.Entries.Select(static entry => (entry.Name, Convert.ToHexString(entry.Value))).ToList();
        Assert.That(entries.Order().SequenceEqual(expected.Order()), "the entries are those of the reference");
        Assert.That(conflicts, Is.Unique);

        // Where nobody has changed anything in between, mine is stored as it is, in its own order.
        if (merged.Array != difference.Mine.Array)
        {
            Assert.That(entries.SequenceEqual(expected), "so is their order");
            Assert.That(merged.Id.SequenceEqual(Parse(theirs).Id), "the id is the row's");
        }
    });

    /// <summary>A payload that shares most entries with another.</summary>
    private static byte[] Relative(Random random, byte[] payload)
    {
        var entries = Read(payload).Entries.ConvertAll(static entry => (Name: System.Text.Encoding.UTF8.GetBytes(entry.Name), entry.Value));
        for (var changes = random.Next(4); changes > 0 && entries.Count > 0; changes--)
        {
            var at = random.Next(entries.Count);
            if (random.Chance(0.4))
            {
                entries.RemoveAt(at);
            }
            else
            {
                entries[at] = (entries[at].Name, Payloads.DrawValue(random));
            }
        }

        entries.AddRange(Payloads.DrawEntries(random).Take(random.Next(3)));
        return SessionBytes.Of(
            random.Chance(0.9) ? Read(payload).Id : random.Bytes(16), entries.DistinctBy(static entry => Convert.ToHexString(entry.Name)).ToList());
    }

    private static ReferencePayload Read(byte[] bytes) => ReferencePayload.Read(bytes)!;

    private static SessionPayload Parse(byte[] bytes) =>
        SessionPayload.TryParse(bytes, out var payload) ? payload : throw new ArgumentException("This was to be a payload.");
}
