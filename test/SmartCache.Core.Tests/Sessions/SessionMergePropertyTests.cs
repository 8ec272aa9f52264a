using FsCheck;
using FsCheck.Fluent;
using SmartCache.Sessions;
using static SmartCache.Core.Tests.Sessions.Payloads;

namespace SmartCache.Core.Tests.Sessions;

/// <summary>
/// The merge against a model that knows nothing of bytes. A session is drawn as a list of numbers, each of which
/// stands for one entry: few names and few values, so that the three sides often meet.
/// </summary>
public sealed class SessionMergePropertyTests
{
    private const int Names = 16;
    private const int Values = 3;
    private static readonly Arbitrary<int[]> Sessions = Numbers.Below(Names * Values);
    private static readonly Config Config = Config.QuickThrowOnFailure.WithMaxTest(2_000).WithEndSize(40);

    [Test]
    public void A_merge_is_theirs_without_what_we_removed_and_with_what_we_changed() => Check((loaded, mine, theirs) =>
    {
        var expected = MergeModel.Merge(MergeModel.Of(loaded), MergeModel.Of(mine), MergeModel.Of(theirs));

        return (Text(Merge(loaded, mine, theirs)) == expected.ToString()).Label($"expected {expected}");
    });

    [Test]
    public void A_merge_names_the_entries_on_which_both_sides_disagree() => Check((loaded, mine, theirs) =>
    {
        var conflicts = new List<string>();
        SessionMerge.Apply(theirs, SessionDifference.Between(loaded, mine), conflicts);
        var expected = MergeModel.Conflicts(MergeModel.Of(loaded), MergeModel.Of(mine), MergeModel.Of(theirs));

        return conflicts.Order().SequenceEqual(expected.Order()).Label($"named {string.Join(' ', conflicts)}, expected {string.Join(' ', expected)}");
    });

    [Test]
    public void A_merge_is_canonical_and_keeps_the_id_of_theirs() => Check((loaded, mine, theirs) =>
    {
        var merged = Merge(loaded, mine, theirs);

        return (IsSession(merged.Array) && merged.Id.SequenceEqual(theirs.Id)).ToProperty();
    });

    [Test]
    public void Merging_no_difference_gives_theirs() => Check((loaded, _, theirs) =>
        Merge(loaded, loaded, theirs).Bytes.SequenceEqual(theirs.Bytes).ToProperty());

    [Test]
    public void Merging_into_what_was_loaded_gives_mine_up_to_order() => Check((loaded, mine, _) =>
        MergeModel.Of(Merge(loaded, mine, loaded)).HasSameEntries(MergeModel.Of(mine)).ToProperty());

    [Test]
    public void Merging_twice_is_merging_once() => Check((loaded, mine, theirs) =>
    {
        var once = Merge(loaded, mine, theirs);

        return Merge(loaded, mine, once).Bytes.SequenceEqual(once.Bytes).Label("a store sent again after an unknown outcome must do no harm");
    });

    [Test]
    public void Differences_in_different_entries_may_be_merged_in_either_order() => Check((loaded, one, other) =>
    {
        // Each side may change half of the names.
        var mine = WithNames(one, loaded, even: true);
        var theirs = WithNames(other, loaded, even: false);
        var mineFirst = MergeModel.Of(Merge(loaded, theirs, Merge(loaded, mine, loaded)));
        var theirsFirst = MergeModel.Of(Merge(loaded, mine, Merge(loaded, theirs, loaded)));

        return mineFirst.HasSameEntries(theirsFirst).Label($"{mineFirst} | {theirsFirst}");
    });

    private static void Check(Func<SessionPayload, SessionPayload, SessionPayload, Property> property) =>
        Prop.ForAll(Sessions, Sessions, Sessions, (loaded, mine, theirs) =>
        {
            var (b, m, t) = (Draw(1, loaded), Draw(2, mine), Draw(3, theirs));
            return property(b, m, t).Label($"base {Text(b)} | mine {Text(m)} | theirs {Text(t)}");
        }).Check(Config);

    private static SessionPayload Merge(SessionPayload loaded, SessionPayload mine, SessionPayload theirs) =>
        SessionMerge.Apply(theirs, SessionDifference.Between(loaded, mine), []);

    private static SessionPayload Draw(byte id, int[] numbers) => new MergeModel(
        [.. numbers.Select(number => ($"n{number % Names}", new string('v', number / Names))).DistinctBy(entry => entry.Item1)])
        .ToPayload(id);

    /// <summary>Half of the names as in one session, the others as in another.</summary>
    private static SessionPayload WithNames(SessionPayload one, SessionPayload other, bool even)
    {
        bool IsMine((string Name, string Value) entry) => (entry.Name[^1] % 2 == 0) == even;

        return new MergeModel([.. MergeModel.Of(one).Entries.Where(IsMine), .. MergeModel.Of(other).Entries.Where(entry => !IsMine(entry))]).ToPayload(2);
    }
}
