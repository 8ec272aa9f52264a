using FsCheck;
using FsCheck.Fluent;

namespace SmartCache.Fuzz;

public sealed class TouchQueueTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Test]
    public void Whatever_happens_no_touch_that_counted_is_lost_and_no_row_is_written_out_of_its_rhythm() => Ends(() =>
        Prop.ForAll(Steps(), static numbers => (FaultOf(numbers) is null).Label(FaultOf(numbers) ?? "")).Check(Config.QuickThrowOnFailure.WithMaxTest(3_000).WithStartSize(20).WithEndSize(300)));

    /// <summary>A refresh of a row that this node has not seen, whose flush failed.</summary>
    [Test]
    public void A_touch_of_an_unseen_row_goes_with_the_next_flush_after_one_that_failed() =>
        Assert.That(FaultOf([106, 47, 308, 287, 51, 208, 127]), Is.Null);

    private static string? FaultOf(int[] numbers)
    {
        var model = new TouchQueueModel();
        Array.ForEach(numbers, model.Step);
        model.Finish();
        return model.Fault;
    }

    /// <summary>Lists of numbers, each of which stands for a step.</summary>
    private static Arbitrary<int[]> Steps()
    {
        var any = ArbMap.Default.ArbFor<int[]>();
        return Arb.From(Gen.Choose(0, TouchQueueModel.Steps - 1).ArrayOf(), steps => any.Shrinker(steps).Where(static smaller => smaller.All(static step => step >= 0)));
    }

    /// <summary>A queue that turns in circles under its lock would hold up every request of a node, and this suite.</summary>
    private static void Ends(Action check)
    {
        var done = Task.Factory.StartNew(check, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        if (Task.WaitAny([done], Patience) < 0)
            Assert.Fail("The queue does not come to an end.");

        done.GetAwaiter().GetResult();
    }
}
