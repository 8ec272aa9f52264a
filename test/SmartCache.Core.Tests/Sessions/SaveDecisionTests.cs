using SmartCache.Primitives;
using SmartCache.Payloads;
using SmartCache.Sessions;

namespace SmartCache.Core.Tests.Sessions;

/// <summary>What a save does with every kind of row, as one table.</summary>
public sealed class SaveDecisionTests
{
    /// <remarks>
    /// Row: live, dead, or ruled (live, with another sliding window than the save gives); plain and plain-dead stand under
    /// their key though keys are hashed.
    /// </remarks>
    private const string Table =
        """
        base         | row               | mine            | flags          | action       | value written      | expiry | outcome

        none         | none              | 1:              |                | None         |                    |        | Unchanged
        none         | none              | 1:              | force          | Insert       | 1:                 | given  | Saved
        none         | none              | 1: a=1          |                | Insert       | 1: a=1             | given  | Saved
        none         | none              | 1: a=1          | keep           | Insert       | 1: a=1             | given  | Saved
        none         | none              | 1: a=1          | recreate       | Insert       | 1: a=1             | given  | Saved
        none         | dead 2: x=9       | 1:              |                | None         |                    |        | Unchanged
        none         | dead 2: x=9       | 1: a=1          |                | Insert       | 1: a=1             | given  | Saved
        none         | dead 2: x=9       | 1: a=1          | keep           | Insert       | 1: a=1             | given  | Saved
        none         | dead 2: x=9       | 1:              | force          | Insert       | 1:                 | given  | Saved
        none         | live 2: x=9       | 1:              |                | None         |                    |        | Unchanged
        none         | live 2: x=9       | 1:              | force          | Update       | 2: x=9             | given  | Saved
        none         | live 2: x=9       | 1: a=1          |                | Update       | 2: x=9 a=1         | given  | Saved
        none         | live 2: x=9       | 1: x=1          |                | Update       | 2: x=1             | given  | Saved
        none         | live 2: x=9       | 1: a=1          | keep           | UpdateValue  | 2: x=9 a=1         | row's  | Saved
        none         | live 2: x=9       | 1: a=1          | recreate       | Update       | 2: x=9 a=1         | given  | Saved
        none         | live 2: x=9       | 1: x=9          |                | None         |                    |        | Saved
        none         | ruled 2: x=9      | 1: x=9          |                | UpdateExpiry |                    | given  | Saved
        none         | live 2: x=9       | 1: x=9          | force          | Update       | 2: x=9             | given  | Saved
        none         | live opaque       | 1:              |                | None         |                    |        | Unchanged
        none         | live opaque       | 1: a=1          |                | Replace      | 1: a=1             | given  | Saved
        none         | live opaque       | 1: a=1          | keep           | Replace      | 1: a=1             | given  | Saved
        none         | dead opaque       | 1: a=1          |                | Insert       | 1: a=1             | given  | Saved
        none         | live damaged      | 1:              |                | None         |                    |        | Unchanged
        none         | live damaged      | 1: a=1          |                | Replace      | 1: a=1             | given  | Saved
        none         | dead damaged      | 1: a=1          |                | Insert       | 1: a=1             | given  | Saved

        1: a=1 b=2   | live 1: a=1 b=2   | 1: a=1 b=2      |                | None         |                    |        | Unchanged
        1: a=1 b=2   | live 1: a=1 b=2   | 1: b=2 a=1      |                | None         |                    |        | Unchanged
        1: a=1 b=2   | ruled 1: a=1 b=2  | 1: a=1 b=2      |                | UpdateExpiry |                    | given  | Unchanged
        1: a=1 b=2   | ruled 1: a=1 b=2  | 1: a=1 b=2      | keep           | None         |                    |        | Unchanged
        1: a=1 b=2   | live 1: a=1 b=2   | 1: a=1 b=2      | force          | Update       | 1: a=1 b=2         | given  | Saved
        1: a=1 b=2   | live 1: a=1 b=2   | 1: a=1 b=2      | force keep     | UpdateValue  | 1: a=1 b=2         | row's  | Saved
        1: a=1 b=2   | live 1: a=1 b=2   | 1: a=5 b=2      |                | Update       | 1: a=5 b=2         | given  | Saved
        1: a=1 b=2   | live 1: a=1 b=2   | 1: a=5 b=2      | keep           | UpdateValue  | 1: a=5 b=2         | row's  | Saved
        1: a=1 b=2   | live 1: a=1 b=2   | 1:              |                | Update       | 1:                 | given  | Saved
        1: a=1 b=2   | live 1: a=1 c=4   | 1: a=1 b=2      |                | None         |                    |        | Unchanged
        1: a=1 b=2   | live 1: a=1 c=4   | 1: a=1 b=2      | force          | Update       | 1: a=1 c=4         | given  | Saved
        1: a=1 b=2   | live 1: a=1 c=4   | 1: a=5 b=2      |                | Update       | 1: a=5 c=4         | given  | Saved
        1: a=1 b=2   | live 1: a=1 c=4   | 1:              |                | Update       | 1: c=4             | given  | Saved
        1: a=1 b=2   | live 1: a=5 b=2   | 1: a=5 b=2      |                | None         |                    |        | Saved
        1: a=1 b=2   | ruled 1: a=5 b=2  | 1: a=5 b=2      |                | UpdateExpiry |                    | given  | Saved
        1: a=1 b=2   | ruled 1: a=5 b=2  | 1: a=5 b=2      | keep           | None         |                    |        | Saved
        1: a=1 b=2   | dead 1: a=1 b=2   | 1: a=1 b=2      |                | None         |                    |        | Unchanged
        1: a=1 b=2   | dead 1: a=1 b=2   | 1: a=5 b=2      |                | Update       | 1: a=5 b=2         | given  | Saved
        1: a=1 b=2   | dead 1: a=5 b=2   | 1: a=5 b=2      |                | UpdateExpiry |                    | given  | Saved
        1: a=1 b=2   | dead 1: a=1 b=2   | 1: a=1 b=2      | force          | Update       | 1: a=1 b=2         | given  | Saved

        1: a=1 b=2   | none              | 1: a=1 b=2      |                | None         |                    |        | Discarded
        1: a=1 b=2   | none              | 1: a=1 b=2      | force          | None         |                    |        | Discarded
        1: a=1 b=2   | none              | 1: a=5 b=2      |                | None         |                    |        | Discarded
        1: a=1 b=2   | none              | 1:              |                | None         |                    |        | Discarded
        1: a=1 b=2   | none              | 1: a=5 b=2      | force keep     | None         |                    |        | Discarded
        1: a=1 b=2   | none              | 1: a=5 b=2      | recreate       | Insert       | ?: a=5             | given  | Saved
        1: a=1 b=2   | none              | 1: a=5 b=2      | recreate keep  | Insert       | ?: a=5             | given  | Saved
        1: a=1 b=2   | none              | 1: a=1 b=2      | recreate       | None         |                    |        | Discarded
        1: a=1 b=2   | none              | 1: a=1 b=2      | recreate force | None         |                    |        | Discarded
        1: a=1 b=2   | none              | 1:              | recreate       | None         |                    |        | Discarded
        1: a=1 b=2   | live 2: x=9       | 1: a=1 b=2      |                | None         |                    |        | Discarded
        1: a=1 b=2   | live 2: x=9       | 1: a=5 b=2      |                | None         |                    |        | Discarded
        1: a=1 b=2   | live 2: x=9       | 1: a=5 b=2      | force          | None         |                    |        | Discarded
        1: a=1 b=2   | live 2: a=1 b=2   | 1: a=5 b=2      |                | None         |                    |        | Discarded
        1: a=1 b=2   | live 2: x=9       | 1: a=5 b=2      | recreate       | Update       | 2: x=9 a=5         | given  | Saved
        1: a=1 b=2   | dead 2: x=9       | 1: a=5 b=2      |                | None         |                    |        | Discarded
        1: a=1 b=2   | dead 2: x=9       | 1: a=5 b=2      | recreate       | Insert       | ?: a=5             | given  | Saved
        1: a=1 b=2   | live opaque       | 1: a=5 b=2      |                | None         |                    |        | Discarded
        1: a=1 b=2   | live opaque       | 1: a=5 b=2      | recreate       | Replace      | ?: a=5             | given  | Saved
        1: a=1 b=2   | dead opaque       | 1: a=5 b=2      |                | None         |                    |        | Discarded
        1: a=1 b=2   | dead opaque       | 1: a=5 b=2      | recreate       | Insert       | ?: a=5             | given  | Saved
        1: a=1 b=2   | live damaged      | 1: a=5 b=2      |                | Update       | 1: a=5 b=2         | given  | Saved
        1: a=1 b=2   | live damaged      | 1: a=5 b=2      | keep           | UpdateValue  | 1: a=5 b=2         | row's  | Saved
        1: a=1 b=2   | dead damaged      | 1: a=5 b=2      |                | Update       | 1: a=5 b=2         | given  | Saved

        none         | plain 2: x=9      | 1:              |                | None         |                    |        | Unchanged
        none         | plain 2: x=9      | 1: x=9          |                | Update       | 2: x=9             | given  | Saved
        none         | plain 2: x=9      | 1: a=1          | keep           | UpdateValue  | 2: x=9 a=1         | row's  | Saved
        none         | plain opaque      | 1: a=1          |                | Replace      | 1: a=1             | given  | Saved
        none         | plain-dead 2: x=9 | 1:              |                | None         |                    |        | Unchanged
        none         | plain-dead 2: x=9 | 1: a=1          |                | Insert       | 1: a=1             | given  | Saved
        1: a=1 b=2   | plain 1: a=1 b=2  | 1: a=1 b=2      |                | Update       | 1: a=1 b=2         | given  | Saved
        1: a=1 b=2   | plain 1: a=1 b=2  | 1: a=1 b=2      | keep           | UpdateValue  | 1: a=1 b=2         | row's  | Saved
        1: a=1 b=2   | plain 1: a=5 b=2  | 1: a=5 b=2      |                | Update       | 1: a=5 b=2         | given  | Saved
        1: a=1 b=2   | plain damaged     | 1: a=5 b=2      |                | Update       | 1: a=5 b=2         | given  | Saved
        1: a=1 b=2   | plain 2: x=9      | 1: a=5 b=2      |                | None         |                    |        | Discarded
        1: a=1 b=2   | plain-dead 1: a=1 b=2 | 1: a=1 b=2  |                | None         |                    |        | Unchanged
        1: a=1 b=2   | plain-dead 1: a=5 b=2 | 1: a=5 b=2  |                | UpdateExpiry |                    | given  | Saved
        1: a=1 b=2   | plain-dead 2: x=9 | 1: a=5 b=2      | recreate       | Insert       | ?: a=5             | given  | Saved
        """;

    private static IEnumerable<TestCaseData> Decisions() =>
        from line in Table.Split('\n').Skip(1)
        where !string.IsNullOrWhiteSpace(line)
        select new TestCaseData(line).SetArgDisplayNames(SaveDecisionLine.Parse(line).ToString());

    [TestCaseSource(nameof(Decisions))]
    public void A_save_does_what_the_table_says(string line)
    {
        var decision = SaveDecisionLine.Parse(line);
        var save = decision.Scene().Save();

        var write = save.Decide(decision.RowRead());

        Assert.That(SaveDecisionLine.ActionOf(write), Is.EqualTo(decision.Action));
        Assert.That(save.Decision.Outcome, Is.EqualTo(decision.Outcome));
        Assert.That(write?.Value is null ? "" : decision.Spell(Parse(write.Value)), Is.EqualTo(decision.Value));
        Assert.That(write is null ? default(Lifetime?) : save.Decision.After.Stored, Is.EqualTo(decision.ExpiryWritten));
        Assert.That(save.Decision.WritesExpiry, Is.EqualTo(decision.Expiry == "given"));
    }

    [TestCaseSource(nameof(Decisions))]
    public void A_write_is_guarded_by_the_version_of_the_row_and_changes_it_with_the_value(string line)
    {
        var decision = SaveDecisionLine.Parse(line);
        var row = decision.RowRead();

        if (decision.Scene().Save().Decide(row) is { } write)
        {
            Assert.That(write.Over, Is.EqualTo(row?.Version ?? 0));
            Assert.That(write.Value is null || (write.Version > 0 && write.Version != SaveScene.RowVersion && write.Format == RowFormat.Session), Is.True);
        }
    }

    [TestCaseSource(nameof(Decisions))]
    public void A_write_knows_whether_it_has_to_give_the_row_its_hash_and_the_next_one_that_it_has_it(string line)
    {
        var decision = SaveDecisionLine.Parse(line);
        var row = decision.RowRead();
        var save = decision.Scene().Save();
        var write = save.Decide(row);

        var isPlain = row?.IsUnderPlainKey == true;
        Assert.That(write?.IsOverPlainKey ?? false, Is.EqualTo(isPlain && write is not null));
        Assert.That(save.Decision.After.IsUnderPlainKey, Is.EqualTo(isPlain && write is null));
    }

    [TestCaseSource(nameof(Decisions))]
    public void The_snapshot_after_the_save_is_what_the_request_now_knows(string line)
    {
        var decision = SaveDecisionLine.Parse(line);
        var (scene, row) = (decision.Scene(), decision.RowRead());
        var save = scene.Save();
        var write = save.Decide(row);

        var after = save.SnapshotAfter(scene.Before);

        Assert.That(after.IsRemoved, Is.EqualTo(decision.Outcome == SaveOutcome.Discarded));
        if (decision.Outcome == SaveOutcome.Discarded)
            return;

        Assert.That(after.Basis.Base, Is.SameAs(decision.Outcome == SaveOutcome.Saved ? scene.Mine : scene.Base));
        Assert.That(after.Theirs.Session?.Array, Is.EqualTo(write?.Value ?? row?.Session?.Array));
        Assert.That(after.Theirs.Version, Is.EqualTo(write?.Value is null ? row?.Version ?? 0 : write.Version));
        Assert.That(after.Theirs.Stored, Is.EqualTo(decision.ExpiryWritten ?? row?.Stored ?? default));
        if (decision.Outcome == SaveOutcome.Saved)
            Assert.That(after.Basis.Incarnation!.Id.ToArray(), Is.EqualTo(after.Theirs.Session!.Id.ToArray()));
    }
}
