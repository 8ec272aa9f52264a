using FsCheck;
using FsCheck.Fluent;

namespace SmartCache.Contract.Schedules;

/// <summary>Any interleaving of two to five requests gives what the rules say. On the second node the stock session reads again before it saves.</summary>
/// <remarks>
/// <c>SMARTCACHE_SCHEDULES</c> is how many schedules an engine runs, each fixture its share. A schedule that fails is
/// shortened, and printed with the seed that leads to it.
/// </remarks>
[SessionVariants(differ: true)]
public abstract class ScheduleContract<TEngine>(CallStyle style, ConcurrencyMode mode) : SessionContract<TEngine>(style, mode)
    where TEngine : TestEngine, new()
{
    private const int Fixtures = 4;
    private const ulong Seed = 20_301_202;
    private const int FewestSteps = 8;
    private const int MostSteps = 40;

    private static readonly int Schedules = int.Parse(
        Environment.GetEnvironmentVariable("SMARTCACHE_SCHEDULES") ?? "4000", NumberStyles.None, CultureInfo.InvariantCulture);

    private readonly ConcurrencyMode _mode = mode;
    private Node[] _nodes = [];

    [Test]
    public void Every_interleaving_of_requests_ends_as_the_rules_say()
    {
        _nodes = [Node, NewNode(sessionLevel: LogLevel.Information)];

        // Each fixture has schedules of its own. The second part of a seed is odd.
        var gamma = (ulong)((2 * (((int)Style * 2) + (int)_mode)) + 4_711);
        var share = Math.Max(1, Schedules / Fixtures);
        TestContext.Out.WriteLine($"{share} schedules, seed ({Seed},{gamma})");
        var config = Config.QuickThrowOnFailure
            .WithMaxTest(share)
            .WithStartSize(FewestSteps)
            .WithEndSize(MostSteps)
            .WithReplay(Seed, gamma);
        var schedules = Gen.Choose(2, 5).SelectMany(requests => Gen.Elements<ScheduleStep>(ScheduleStep.Of(requests)).ArrayOf());
        Prop.ForAll(Arb.From(schedules, Shorter), schedule => RunAsync(schedule).GetAwaiter().GetResult()).Check(config);
    }

    private static IEnumerable<ScheduleStep[]> Shorter(ScheduleStep[] schedule)
    {
        for (var length = schedule.Length / 2; length > 0; length /= 2)
        {
            for (var at = 0; at + length <= schedule.Length; at += length)
                yield return [.. schedule[..at], .. schedule[(at + length)..]];
        }
    }

    private async Task RunAsync(ScheduleStep[] schedule)
    {
        var key = SimulatedRequest.NewKey();
        var reference = new ReferenceSchedule();
        var requests = new SortedDictionary<int, SimulatedRequest>();
        foreach (var step in schedule)
        {
            reference.Apply(step);
            await RunAsync(step, key, requests);
        }

        foreach (var last in requests.Keys.Select(request => new ScheduleStep(request, StepKind.End)).ToList())
        {
            reference.Apply(last);
            await RunAsync(last, key, requests);
        }

        var stored = Table.Find(key) is { } row ? SessionBytes.Entries(row.Value).Order() : null;
        var expected = reference.Row?.Order();
        if (stored is null != expected is null || stored?.SequenceEqual(expected!) == false)
        {
            throw new AssertionException(
                $"After [{string.Join("; ", schedule.AsEnumerable())}] the row holds {Text(stored)} instead of {Text(expected)}.");
        }
    }

    private static string Text(IEnumerable<(string, string)>? entries) => entries is null ? "nothing" : $"[{string.Join(' ', entries)}]";

    private async Task RunAsync(ScheduleStep step, string key, SortedDictionary<int, SimulatedRequest> requests)
    {
        if (step.Kind == StepKind.Destroy)
        {
            await Cache.RemoveAsync(key);
            return;
        }

        if (!requests.TryGetValue(step.Request, out var request))
        {
            requests.Add(step.Request, request = new SimulatedRequest(_nodes[step.Request % _nodes.Length], key));
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
