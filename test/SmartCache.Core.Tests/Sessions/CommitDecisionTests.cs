using SmartCache.Connections;
using SmartCache.Payloads;
using SmartCache.Primitives;
using SmartCache.Rows;
using SmartCache.Sessions;
using SmartCache.Sql;
using SmartCache.Sweeping;
using SmartCache.Touches;
using static SmartCache.Core.Tests.Sessions.Payloads;

namespace SmartCache.Core.Tests.Sessions;

/// <summary>What a store does with every kind of row, as one table.</summary>
public sealed class CommitDecisionTests
{
    /// <remarks>
    /// Row: live, dead, or ruled (live, with another sliding window than the store gives); plain and plain-dead stand under
    /// their key though keys are hashed.
    /// </remarks>
    private const string Table =
        """
        base         | row               | mine            | flags          | action       | value written      | expiry | outcome

        none         | none              | 1:              |                | None         |                    |        | Unchanged
        none         | none              | 1:              | force          | Insert       | 1:                 | given  | Stored
        none         | none              | 1: a=1          |                | Insert       | 1: a=1             | given  | Stored
        none         | none              | 1: a=1          | keep           | Insert       | 1: a=1             | given  | Stored
        none         | none              | 1: a=1          | recreate       | Insert       | 1: a=1             | given  | Stored
        none         | dead 2: x=9       | 1:              |                | None         |                    |        | Unchanged
        none         | dead 2: x=9       | 1: a=1          |                | Insert       | 1: a=1             | given  | Stored
        none         | dead 2: x=9       | 1: a=1          | keep           | Insert       | 1: a=1             | given  | Stored
        none         | dead 2: x=9       | 1:              | force          | Insert       | 1:                 | given  | Stored
        none         | live 2: x=9       | 1:              |                | None         |                    |        | Unchanged
        none         | live 2: x=9       | 1:              | force          | Update       | 2: x=9             | given  | Stored
        none         | live 2: x=9       | 1: a=1          |                | Update       | 2: x=9 a=1         | given  | Stored
        none         | live 2: x=9       | 1: x=1          |                | Update       | 2: x=1             | given  | Stored
        none         | live 2: x=9       | 1: a=1          | keep           | UpdateValue  | 2: x=9 a=1         | row's  | Stored
        none         | live 2: x=9       | 1: a=1          | recreate       | Update       | 2: x=9 a=1         | given  | Stored
        none         | live 2: x=9       | 1: x=9          |                | None         |                    |        | Stored
        none         | ruled 2: x=9      | 1: x=9          |                | UpdateExpiry |                    | given  | Stored
        none         | live 2: x=9       | 1: x=9          | force          | Update       | 2: x=9             | given  | Stored
        none         | live opaque       | 1:              |                | None         |                    |        | Unchanged
        none         | live opaque       | 1: a=1          |                | Replace      | 1: a=1             | given  | Stored
        none         | live opaque       | 1: a=1          | keep           | Replace      | 1: a=1             | given  | Stored
        none         | dead opaque       | 1: a=1          |                | Insert       | 1: a=1             | given  | Stored
        none         | live damaged      | 1:              |                | None         |                    |        | Unchanged
        none         | live damaged      | 1: a=1          |                | Replace      | 1: a=1             | given  | Stored
        none         | dead damaged      | 1: a=1          |                | Insert       | 1: a=1             | given  | Stored

        1: a=1 b=2   | live 1: a=1 b=2   | 1: a=1 b=2      |                | None         |                    |        | Unchanged
        1: a=1 b=2   | live 1: a=1 b=2   | 1: b=2 a=1      |                | None         |                    |        | Unchanged
        1: a=1 b=2   | ruled 1: a=1 b=2  | 1: a=1 b=2      |                | UpdateExpiry |                    | given  | Unchanged
        1: a=1 b=2   | ruled 1: a=1 b=2  | 1: a=1 b=2      | keep           | None         |                    |        | Unchanged
        1: a=1 b=2   | live 1: a=1 b=2   | 1: a=1 b=2      | force          | Update       | 1: a=1 b=2         | given  | Stored
        1: a=1 b=2   | live 1: a=1 b=2   | 1: a=1 b=2      | force keep     | UpdateValue  | 1: a=1 b=2         | row's  | Stored
        1: a=1 b=2   | live 1: a=1 b=2   | 1: a=5 b=2      |                | Update       | 1: a=5 b=2         | given  | Stored
        1: a=1 b=2   | live 1: a=1 b=2   | 1: a=5 b=2      | keep           | UpdateValue  | 1: a=5 b=2         | row's  | Stored
        1: a=1 b=2   | live 1: a=1 b=2   | 1:              |                | Update       | 1:                 | given  | Stored
        1: a=1 b=2   | live 1: a=1 c=4   | 1: a=1 b=2      |                | None         |                    |        | Unchanged
        1: a=1 b=2   | live 1: a=1 c=4   | 1: a=1 b=2      | force          | Update       | 1: a=1 c=4         | given  | Stored
        1: a=1 b=2   | live 1: a=1 c=4   | 1: a=5 b=2      |                | Update       | 1: a=5 c=4         | given  | Stored
        1: a=1 b=2   | live 1: a=1 c=4   | 1:              |                | Update       | 1: c=4             | given  | Stored
        1: a=1 b=2   | live 1: a=5 b=2   | 1: a=5 b=2      |                | None         |                    |        | Stored
        1: a=1 b=2   | ruled 1: a=5 b=2  | 1: a=5 b=2      |                | UpdateExpiry |                    | given  | Stored
        1: a=1 b=2   | ruled 1: a=5 b=2  | 1: a=5 b=2      | keep           | None         |                    |        | Stored
        1: a=1 b=2   | dead 1: a=1 b=2   | 1: a=1 b=2      |                | None         |                    |        | Unchanged
        1: a=1 b=2   | dead 1: a=1 b=2   | 1: a=5 b=2      |                | Update       | 1: a=5 b=2         | given  | Stored
        1: a=1 b=2   | dead 1: a=5 b=2   | 1: a=5 b=2      |                | UpdateExpiry |                    | given  | Stored
        1: a=1 b=2   | dead 1: a=1 b=2   | 1: a=1 b=2      | force          | Update       | 1: a=1 b=2         | given  | Stored

        1: a=1 b=2   | none              | 1: a=1 b=2      |                | None         |                    |        | Discarded
        1: a=1 b=2   | none              | 1: a=1 b=2      | force          | None         |                    |        | Discarded
        1: a=1 b=2   | none              | 1: a=5 b=2      |                | None         |                    |        | Discarded
        1: a=1 b=2   | none              | 1:              |                | None         |                    |        | Discarded
        1: a=1 b=2   | none              | 1: a=5 b=2      | force keep     | None         |                    |        | Discarded
        1: a=1 b=2   | none              | 1: a=5 b=2      | recreate       | Insert       | ?: a=5             | given  | Stored
        1: a=1 b=2   | none              | 1: a=5 b=2      | recreate keep  | Insert       | ?: a=5             | given  | Stored
        1: a=1 b=2   | none              | 1: a=1 b=2      | recreate       | None         |                    |        | Discarded
        1: a=1 b=2   | none              | 1: a=1 b=2      | recreate force | None         |                    |        | Discarded
        1: a=1 b=2   | none              | 1:              | recreate       | None         |                    |        | Discarded
        1: a=1 b=2   | live 2: x=9       | 1: a=1 b=2      |                | None         |                    |        | Discarded
        1: a=1 b=2   | live 2: x=9       | 1: a=5 b=2      |                | None         |                    |        | Discarded
        1: a=1 b=2   | live 2: x=9       | 1: a=5 b=2      | force          | None         |                    |        | Discarded
        1: a=1 b=2   | live 2: a=1 b=2   | 1: a=5 b=2      |                | None         |                    |        | Discarded
        1: a=1 b=2   | live 2: x=9       | 1: a=5 b=2      | recreate       | Update       | 2: x=9 a=5         | given  | Stored
        1: a=1 b=2   | dead 2: x=9       | 1: a=5 b=2      |                | None         |                    |        | Discarded
        1: a=1 b=2   | dead 2: x=9       | 1: a=5 b=2      | recreate       | Insert       | ?: a=5             | given  | Stored
        1: a=1 b=2   | live opaque       | 1: a=5 b=2      |                | None         |                    |        | Discarded
        1: a=1 b=2   | live opaque       | 1: a=5 b=2      | recreate       | Replace      | ?: a=5             | given  | Stored
        1: a=1 b=2   | dead opaque       | 1: a=5 b=2      |                | None         |                    |        | Discarded
        1: a=1 b=2   | dead opaque       | 1: a=5 b=2      | recreate       | Insert       | ?: a=5             | given  | Stored
        1: a=1 b=2   | live damaged      | 1: a=5 b=2      |                | Update       | 1: a=5 b=2         | given  | Stored
        1: a=1 b=2   | live damaged      | 1: a=5 b=2      | keep           | UpdateValue  | 1: a=5 b=2         | row's  | Stored
        1: a=1 b=2   | dead damaged      | 1: a=5 b=2      |                | Update       | 1: a=5 b=2         | given  | Stored

        none         | plain 2: x=9      | 1:              |                | None         |                    |        | Unchanged
        none         | plain 2: x=9      | 1: x=9          |                | Update       | 2: x=9             | given  | Stored
        none         | plain 2: x=9      | 1: a=1          | keep           | UpdateValue  | 2: x=9 a=1         | row's  | Stored
        none         | plain opaque      | 1: a=1          |                | Replace      | 1: a=1             | given  | Stored
        none         | plain-dead 2: x=9 | 1:              |                | None         |                    |        | Unchanged
        none         | plain-dead 2: x=9 | 1: a=1          |                | Insert       | 1: a=1             | given  | Stored
        1: a=1 b=2   | plain 1: a=1 b=2  | 1: a=1 b=2      |                | Update       | 1: a=1 b=2         | given  | Stored
        1: a=1 b=2   | plain 1: a=1 b=2  | 1: a=1 b=2      | keep           | UpdateValue  | 1: a=1 b=2         | row's  | Stored
        1: a=1 b=2   | plain 1: a=5 b=2  | 1: a=5 b=2      |                | Update       | 1: a=5 b=2         | given  | Stored
        1: a=1 b=2   | plain damaged     | 1: a=5 b=2      |                | Update       | 1: a=5 b=2         | given  | Stored
        1: a=1 b=2   | plain 2: x=9      | 1: a=5 b=2      |                | None         |                    |        | Discarded
        1: a=1 b=2   | plain-dead 1: a=1 b=2 | 1: a=1 b=2  |                | None         |                    |        | Unchanged
        1: a=1 b=2   | plain-dead 1: a=5 b=2 | 1: a=5 b=2  |                | UpdateExpiry |                    | given  | Stored
        1: a=1 b=2   | plain-dead 2: x=9 | 1: a=5 b=2      | recreate       | Insert       | ?: a=5             | given  | Stored
        """;

    private static IEnumerable<TestCaseData> Decisions() =>
        from line in Table.Split('\n').Skip(1)
        where !string.IsNullOrWhiteSpace(line)
        select new TestCaseData(line).SetArgDisplayNames(CommitDecision.Parse(line).ToString());

    [TestCaseSource(nameof(Decisions))]
    public void A_store_does_what_the_table_says(string line)
    {
        var decision = CommitDecision.Parse(line);
        var commit = decision.Scene().Commit();

        var step = commit.Decide(decision.RowRead());

        Assert.That(step.Action, Is.EqualTo(decision.Action));
        Assert.That(commit.Outcome, Is.EqualTo(decision.Outcome));
        Assert.That(Written(decision, step), Is.EqualTo(decision.Value));
        Assert.That(step.Action == MergeAction.None ? default(Lifetime?) : step.Write.Lifetime, Is.EqualTo(decision.ExpiryWritten));
    }

    [TestCaseSource(nameof(Decisions))]
    public void A_write_over_a_row_is_guarded_by_the_stamp_it_was_read_with_and_changes_it_with_the_value(string line)
    {
        var decision = CommitDecision.Parse(line);
        var step = decision.Scene().Commit().Decide(decision.RowRead());

        if (step.Action is MergeAction.Update or MergeAction.Replace or MergeAction.UpdateExpiry)
        {
            Assert.That(step.OldVersion, Is.EqualTo(CommitScene.RowVersion));
        }

        if (step.Action is MergeAction.Insert or MergeAction.Update or MergeAction.Replace)
        {
            Assert.That(step.Write.Version, Is.Positive.And.Not.EqualTo(CommitScene.RowVersion));
            Assert.That(step.Write.Format, Is.EqualTo(RowFormat.Session));
        }
    }

    [TestCaseSource(nameof(Decisions))]
    public void A_write_knows_whether_it_has_to_give_the_row_its_hash_and_the_next_one_that_it_has_it(string line)
    {
        var decision = CommitDecision.Parse(line);
        var (scene, row) = (decision.Scene(), decision.RowRead());
        var commit = scene.Commit();
        var step = commit.Decide(row);

        var isPlain = row?.IsUnderPlainKey == true;
        Assert.That(step.IsOverPlainKey, Is.EqualTo(isPlain && step.Action != MergeAction.None));
        Assert.That(commit.Written.IsUnderPlainKey, Is.EqualTo(isPlain && step.Action == MergeAction.None));
    }

    [TestCaseSource(nameof(Decisions))]
    public void The_snapshot_after_the_store_is_what_the_request_now_knows(string line)
    {
        var decision = CommitDecision.Parse(line);
        var (scene, row) = (decision.Scene(), decision.RowRead());
        var commit = scene.Commit();
        var step = commit.Decide(row);

        var after = commit.SnapshotAfter(scene.Before);

        Assert.That(after.IsRemoved, Is.EqualTo(decision.Outcome == CommitOutcome.Discarded));
        if (decision.Outcome == CommitOutcome.Discarded)
        {
            return;
        }

        Assert.That(after.Base, Is.SameAs(decision.Outcome == CommitOutcome.Stored ? scene.Mine : scene.Base));
        var writesValue = step.Write.Value is { Length: > 0 };
        Assert.That(after.Theirs.Session?.Array, Is.EqualTo(writesValue ? step.Write.Value : RowView.Of(row, scene.Key, scene.Touches.Waiting(scene.Key)).Session?.Array));
        Assert.That(after.Theirs.Version, Is.EqualTo(step.Action == MergeAction.None ? row?.Version ?? 0 : step.Write.Version));
        Assert.That(after.Theirs.Stored, Is.EqualTo(decision.ExpiryWritten ?? row?.Lifetime ?? default));
        if (decision.Outcome == CommitOutcome.Stored)
        {
            Assert.That(after.Incarnation!.Id.ToArray(), Is.EqualTo(after.Theirs.Session!.Id.ToArray()));
        }
    }

    [TestCaseSource(nameof(Decisions))]
    public void The_touch_queue_is_told_what_expiry_the_row_has(string line)
    {
        var decision = CommitDecision.Parse(line);
        var (scene, row) = (decision.Scene(), decision.RowRead());
        var commit = scene.Commit();
        commit.Decide(row);

        Assert.That(commit.HasWrittenExpiry, Is.EqualTo(decision.Expiry == "given"));
        Assert.That(commit.LifetimeAfter, Is.EqualTo(decision.ExpiryWritten ?? row?.Lifetime ?? default));
    }

    private static string Written(CommitDecision decision, MergeStep step) =>
        step.Write.Value is { Length: > 0 } value ? decision.Spell(Parse(value)) : "";
}
