using FsCheck;
using FsCheck.Fluent;
using SmartCache.Fuzz.Models;

namespace SmartCache.Fuzz;

public sealed class TouchQueueTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Test]
    public void Whatever_happens_no_access_that_counted_is_lost_and_no_row_is_written_out_of_its_rhythm() => Ends(() =>
        Prop.ForAll(Steps(), numbers =>
        {
            var model = new TouchQueueModel();
            foreach (var number in numbers)
            {
                model.Step(number);
            }

            model.Finish();
            return (model.Fault is null).Label(model.Fault ?? "");
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3_000).WithStartSize(20).WithEndSize(300)));

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
        {
            Assert.Fail("The queue does not come to an end.");
        }

        done.GetAwaiter().GetResult();
    }
}
