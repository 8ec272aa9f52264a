using SmartCache.Payloads;
using SmartCache.Sessions;

namespace SmartCache.Fuzz;

/// <summary>Any three payloads merge into one that parses and holds what the table of merging says.</summary>
public sealed class MergeFuzzTests
{
    [Test]
    public void A_merge_gives_a_payload_with_what_the_rules_say() => Cases.Run(static random =>
    {
        var (loaded, mine, theirs) = Draw(random);
        var from = random.Chance(0.1) ? null : loaded;
        var difference = SessionDifference.Between(from, mine);
        var conflicts = new List<string>();
        var merged = SessionMerge.Apply(theirs, difference, conflicts);

        Assert.That(ReferencePayload.Read(merged.Array), Is.Not.Null, "what is merged parses");
        Assert.That(SessionPayload.TryParse(merged.Array, out _));
        var (entries, expected) = (Entries(merged), ReferenceMerge.Merge(Entries(from), Entries(mine), Entries(theirs)));
        Assert.That(entries.Order().SequenceEqual(expected.Order()), "the entries are those of the reference");
        Assert.That(conflicts, Is.EquivalentTo(ReferenceMerge.Conflicts(Entries(from), Entries(mine), Entries(theirs))), "each conflict is named once");

        // Where nobody has changed anything in between, mine is saved as it is, in its own order.
        if (merged.Array != mine.Array)
        {
            Assert.That(entries.SequenceEqual(expected), "so is their order");
            Assert.That(merged.Id.SequenceEqual(theirs.Id), "the id is the row's");
        }
    });

    [Test]
    public void The_laws_of_merging_hold() => Cases.Run(static random =>
    {
        var (from, mine, theirs) = Draw(random);
        var once = Merge(from, mine, theirs);

        Assert.That(Merge(from, mine, once).Bytes.SequenceEqual(once.Bytes), "a save sent again after an in-doubt write does no harm");
        Assert.That(Merge(from, from, theirs).Bytes.SequenceEqual(theirs.Bytes), "no difference gives theirs");
        Assert.That(Entries(Merge(from, mine, from)).Order().SequenceEqual(Entries(mine).Order()), "into what was loaded it gives mine, up to the order");

        // Each side may change half of the names.
        var (one, other) = (HalfOf(mine, from, even: true), HalfOf(theirs, from, even: false));
        var (oneFirst, otherFirst) = (Merge(from, other, Merge(from, one, from)), Merge(from, one, Merge(from, other, from)));
        Assert.That(Entries(oneFirst).Order().SequenceEqual(Entries(otherFirst).Order()), "differences in different entries may be merged in either order");
    });

    /// <summary>Three payloads that share most entries, so that the sides often meet.</summary>
    private static (SessionPayload From, SessionPayload Mine, SessionPayload Theirs) Draw(Random random)
    {
        var theirs = SamplePayloads.Draw(random);
        var from = Relative(random, theirs);
        return (SamplePayloads.Parse(from), SamplePayloads.Parse(random.Chance(0.3) ? SamplePayloads.Draw(random) : Relative(random, from)), SamplePayloads.Parse(theirs));
    }

    /// <summary>A payload that shares most entries with another.</summary>
    private static byte[] Relative(Random random, byte[] payload)
    {
        var read = ReferencePayload.Read(payload)!;
        var entries = read.Entries.ConvertAll(static entry => (Name: Encoding.UTF8.GetBytes(entry.Name), entry.Value));
        for (var changes = random.Next(4); changes > 0 && entries.Count > 0; changes--)
        {
            var at = random.Next(entries.Count);
            if (random.Chance(0.4))
                entries.RemoveAt(at);
            else
                entries[at] = (entries[at].Name, SamplePayloads.DrawValue(random));
        }

        entries.AddRange(SamplePayloads.DrawEntries(random).Take(random.Next(3)));
        return SessionBytes.Of(random.Chance(0.9) ? read.Id : random.Bytes(16), entries.DistinctBy(static entry => Convert.ToHexString(entry.Name)).ToList());
    }

    /// <summary>The names of one half as in one session, the others as in another.</summary>
    private static SessionPayload HalfOf(SessionPayload one, SessionPayload other, bool even)
    {
        bool IsMine((string Name, byte[] Value) entry) => (entry.Name.Length > 0 && entry.Name[^1] % 2 == 0) == even;

        var entries = Read(one).Where(IsMine).Concat(Read(other).Where(entry => !IsMine(entry)));
        return SamplePayloads.Parse(SessionBytes.Of(one.Id, entries.Select(static entry => (Encoding.UTF8.GetBytes(entry.Name), entry.Value)).ToList()));
    }

    private static SessionPayload Merge(SessionPayload from, SessionPayload mine, SessionPayload theirs) =>
        SessionMerge.Apply(theirs, SessionDifference.Between(from, mine), []);

    private static List<(string Name, byte[] Value)> Read(SessionPayload payload) => ReferencePayload.Read(payload.Array)!.Entries;

    /// <summary>The entries with their values as hexadecimal text.</summary>
    private static List<(string Name, string Value)> Entries(SessionPayload? payload) =>
        payload is null ? [] : Read(payload).ConvertAll(static entry => (entry.Name, Convert.ToHexString(entry.Value)));
}
