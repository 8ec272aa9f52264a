using FsCheck;
using FsCheck.Fluent;
using SmartCache.Contract.Engines;
using SmartCache.Contract.Nodes;
using SmartCache.Contract.Requests;
using SmartCache.Contract.Rows;

namespace SmartCache.Contract.Schedules;

/// <summary>Any interleaving of up to four requests gives what the rules of merging say, after every step.</summary>
public abstract class ScheduleContract<TEngine>(CallStyle style, ConcurrencyMode mode) : SessionContract<TEngine>(style, mode)
    where TEngine : TestEngine, new()
{
    private const ulong Seed = 20_301_202;
    private const ulong Gamma = 4_711;
    private const int Schedules = 200;
    private const int Steps = 60;

    [Test]
    public void Every_interleaving_of_requests_ends_as_the_rules_say()
    {
        TestContext.Out.WriteLine($"Seed ({Seed},{Gamma})");
        var config = Config.QuickThrowOnFailure
            .WithMaxTest(Schedules)
            .WithStartSize(Steps / 3)
            .WithEndSize(Steps)
            .WithReplay(Seed, Gamma);
        Prop.ForAll(Arb.From(Gen.Elements<ScheduleStep>(ScheduleStep.All).ArrayOf(), Shorter), schedule => RunAsync(schedule).GetAwaiter().GetResult())
            .Check(config);
    }

    private static IEnumerable<ScheduleStep[]> Shorter(ScheduleStep[] schedule)
    {
        for (var length = schedule.Length / 2; length > 0; length /= 2)
        {
            for (var at = 0; at + length <= schedule.Length; at += length)
            {
                yield return [.. schedule[..at], .. schedule[(at + length)..]];
            }
        }
    }

    private async Task RunAsync(ScheduleStep[] schedule)
    {
        var key = SimulatedRequest.NewKey();
        var reference = new ReferenceMerge();
        var requests = new Dictionary<int, SimulatedRequest>();
        foreach (var (step, number) in schedule.Select((step, number) => (step, number)))
        {
            reference.Apply(step);
            await RunAsync(step, key, requests);
            var stored = Table.Find(key) is { } row ? SessionBytes.Entries(row.Value).Order() : null;
            var expected = reference.Row?.Entries.Select(entry => (entry.Key, entry.Value)).Order();
            if (stored is null != expected is null || stored?.SequenceEqual(expected!) == false)
            {
                throw new AssertionException(
                    $"After step {number + 1}, {step}, the row holds {Text(stored)} instead of {Text(expected)}.");
            }
        }
    }

    private static string Text(IEnumerable<(string, string)>? entries) => entries is null ? "nothing" : $"[{string.Join(' ', entries)}]";

    private async Task RunAsync(ScheduleStep step, string key, Dictionary<int, SimulatedRequest> requests)
    {
        if (step.Kind == StepKind.Destroy)
        {
            await Cache.RemoveAsync(key);
            return;
        }

        if (!requests.TryGetValue(step.Request, out var request))
        {
            requests.Add(step.Request, request = new SimulatedRequest(Node, key));
            await request.LoadAsync();
        }

        switch (step.Kind)
        {
            case StepKind.Set:
                await request.SetAsync(step.Name, step.Value);
                break;
            case StepKind.Remove:
                await request.RemoveAsync(step.Name);
                break;
            case StepKind.Clear:
                await request.ClearAsync();
                break;
            case StepKind.Commit:
                await request.CommitAsync();
                break;
            case StepKind.End:
                await request.EndAsync();
                requests.Remove(step.Request);
                break;
        }
    }
}
