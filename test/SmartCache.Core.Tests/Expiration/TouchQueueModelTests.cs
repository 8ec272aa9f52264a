using FsCheck;
using FsCheck.Fluent;

namespace SmartCache.Core.Tests.Expiration;

public sealed class TouchQueueModelTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Test]
    public void Whatever_happens_no_access_that_counted_is_lost_and_no_row_is_written_out_of_its_rhythm() => Ends(() =>
        Prop.ForAll(Numbers.Below(TouchQueueModel.Steps), numbers =>
        {
            var model = new TouchQueueModel();
            foreach (var number in numbers)
            {
                model.Step(number);
            }

            model.Finish();
            return (model.Fault is null).Label(model.Fault ?? "");
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3_000).WithStartSize(20).WithEndSize(300)));

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
