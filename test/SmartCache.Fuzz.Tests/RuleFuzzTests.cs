using System.Globalization;
using SmartCache.Payloads;
using SmartCache.Sessions;

namespace SmartCache.Fuzz;

/// <summary>Whatever three values an entry with a merge rule has: they merge into a payload that parses, or the rule is said to have failed.</summary>
public sealed class RuleFuzzTests
{
    private static readonly Action<EntryMergeRule>[] Rules =
    [
        static entry => entry.Add(), static entry => entry.Add(EntryNumber.SetString), static entry => entry.Max(), static entry => entry.Min(EntryNumber.SetString),
        static entry => entry.Union(), static entry => entry.Union('\0'), static entry => entry.FirstWriterWins(), static entry => entry.MergeJson(),
    ];

    [Test]
    public void Any_values_merge_or_are_refused() => Cases.Run(static random =>
    {
        var rules = new SessionMergeRules();
        random.Pick(Rules)(rules.Entry("e"));
        var kind = random.Next(5);
        var (theirs, mine) = (Session(random, kind), Session(random, kind));
        var difference = SessionDifference.Between(random.Chance(0.2) ? null : Session(random, kind), mine);

        try
        {
            Assert.That(ReferencePayload.Read(SessionMerge.Apply(theirs, difference, [], rules).Array), Is.Not.Null, "what is merged parses");
        }
        catch (SessionMergeException exception)
        {
            Assert.That(exception.EntryName, Is.EqualTo("e"));
        }
    });

    private static SessionPayload Session(Random random, int kind) =>
        SamplePayloads.Parse(SessionBytes.Of(new byte[16], random.Chance(0.1) ? [] : [("e"u8.ToArray(), Value(random, random.Chance(0.1) ? random.Next(5) : kind))]));

    private static byte[] Value(Random random, int kind) => kind switch
    {
        0 => random.Bytes(4),
        1 => Encoding.UTF8.GetBytes(Number(random)),
        2 => Encoding.UTF8.GetBytes(string.Join(random.Pick([",", "\0", ",,"]), Enumerable.Range(0, random.Size(200)).Select(_ => Texts.Draw(random, isWellFormed: true)))),
        3 => JsonTexts.Draw(random),
        _ => SamplePayloads.DrawValue(random),
    };

    private static string Number(Random random) => random.Next(4) switch
    {
        0 => decimal.MaxValue.ToString(CultureInfo.InvariantCulture),
        1 => decimal.MinValue.ToString(CultureInfo.InvariantCulture),
        2 => $"{random.Next()}.{new string((char)('0' + random.Next(10)), random.Next(40))}",
        _ => $"{random.NextInt64(-100, 100)}",
    };
}
