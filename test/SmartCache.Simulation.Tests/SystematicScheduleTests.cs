namespace SmartCache.Simulation;

/// <summary>
/// Every schedule of workloads that are small enough, with a number of interruptions and misfortunes at most.
/// <c>SMARTCACHE_SIMULATION_DEPTH</c> adds to the interruptions.
/// </summary>
[TestFixture(ConcurrencyMode.Optimistic, true)]
[TestFixture(ConcurrencyMode.Optimistic, false)]
[TestFixture(ConcurrencyMode.Pessimistic, true)]
public sealed class SystematicScheduleTests(ConcurrencyMode concurrency, bool hasRowLocks)
{
    private const string Key = "5e551000-0000-4000-8000-000000000001";

    private static readonly Deed Load = new(DeedKind.Load);
    private static readonly Deed Commit = new(DeedKind.Commit);
    private static readonly Deed Abandon = new(DeedKind.Abandon);

    private static readonly RequestPlan Beginning = new("beginning", 0, default, Key, Load, Set("a"), Set("b"));

    private readonly Setting _setting = new() { Concurrency = concurrency, HasRowLocks = hasRowLocks };

    [TestCase(3, 0)]
    [TestCase(1, 1)]
    public void Two_nodes_change_an_entry_each(int interruptions, int misfortunes) =>
        Explore(interruptions, misfortunes, Request(1, 0, Set("a")), Request(2, 1, Set("b")));

    /// <summary>A look at the session keeps it alive, and a second look comes when it would have expired without the first.</summary>
    [TestCase(0, 1)]
    public void A_session_is_kept_alive(int interruptions, int misfortunes) =>
        Explore(interruptions, misfortunes, Request(1, 0) with { After = Setting.Window / 2 }, Request(2, 0) with { After = Setting.Window * 5 / 4 });

    [TestCase(2, 0)]
    [TestCase(1, 1)]
    public void Two_nodes_count(int interruptions, int misfortunes) =>
        Explore(interruptions, misfortunes, Counting(_setting, Request(1, 0, Count(0), Commit, Count(1)), Request(2, 1, Count(2))));

    [TestCase(1, 1)]
    public void A_node_counts_and_another_goes_on_counting(int interruptions, int misfortunes) =>
        Explore(interruptions, misfortunes, CountsThatManyFollow(_setting));

    [TestCase(3, 0)]
    [TestCase(1, 1)]
    public void Two_nodes_begin_a_session(int interruptions, int misfortunes) =>
        Explore(interruptions, misfortunes, new Workload(_setting, [], [Request(1, 0, Set("a")), Request(2, 1, Set("b"))]));

    [TestCase(3, 0)]
    [TestCase(1, 1)]
    public void Somebody_logs_out(int interruptions, int misfortunes) =>
        Explore(interruptions, misfortunes, Request(1, 0, Set("a"), Commit, Set("b")), Request(2, 1, Abandon));

    [TestCase(3, 0)]
    [TestCase(1, 1)]
    public void Somebody_logs_out_at_once(int interruptions, int misfortunes) =>
        Explore(interruptions, misfortunes, new Workload(_setting, [], [Request(1, 0, Set("a")), Request(2, 1, Abandon)]));

    /// <summary>Another node changes another entry meanwhile.</summary>
    [TestCase(3, 0)]
    [TestCase(1, 1)]
    public void A_request_takes_back_what_it_saved(int interruptions, int misfortunes) =>
        Explore(interruptions, misfortunes, Request(1, 0, Set("c"), Commit, new Deed(DeedKind.Remove, "c")), Request(2, 1, Set("a")));

    /// <summary>
    /// A request reads what another, whose answer may be lost, has left, and saves after that has tried again. A third comes
    /// between, and changes the same entry.
    /// </summary>
    [TestCase(1, 0)]
    [TestCase(0, 1)]
    public void A_request_tries_again_and_others_come_between(int interruptions, int misfortunes) => Explore(
        interruptions,
        misfortunes,
        Request(1, 0, Set("a")),
        Request(2, 1, new Deed(DeedKind.Wait, Time: TimeSpan.FromSeconds(1)), Set("c")),
        Request(3, 1, Set("a"), Set("b")));

    [TestCase(2, 0)]
    [TestCase(0, 1)]
    public void Three_requests_meet_on_a_node(int interruptions, int misfortunes) =>
        Explore(interruptions, misfortunes, Request(1, 0, Set("a")), Request(2, 0, Set("b")), Request(3, 0, Set("c")));

    [TestCase(2, 0)]
    [TestCase(0, 1)]
    public void Two_requests_meet_on_a_node_and_another_comes_between(int interruptions, int misfortunes) =>
        Explore(interruptions, misfortunes, Request(1, 0, Set("a")), Request(2, 0, Set("b")), Request(3, 1, new Deed(DeedKind.Remove, "a")));

    [TestCase(2, 0)]
    [TestCase(0, 1)]
    public void Two_requests_meet_on_a_node_and_somebody_logs_out(int interruptions, int misfortunes) =>
        Explore(interruptions, misfortunes, Request(1, 0, Set("a")), Request(2, 0, Set("b")), Request(3, 1, Abandon));

    /// <summary>They share statements. A caller may cancel its own part.</summary>
    [TestCase(1, 0)]
    public void Three_sessions_meet_on_a_node(int interruptions, int misfortunes) =>
        Explore(interruptions, misfortunes, ThreeSessionsOfANode(_setting, exist: true));

    [TestCase(1, 0)]
    public void Three_sessions_begin_on_a_node(int interruptions, int misfortunes) =>
        Explore(interruptions, misfortunes, ThreeSessionsOfANode(_setting, exist: false));

    internal static Workload ThreeSessionsOfANode(Setting setting, bool exist)
    {
        string[] keys = [Key, "5e551000-0000-4000-8000-000000000002", "5e551000-0000-4000-8000-000000000003"];
        return new Workload(
            setting with { CoalescingConnections = 1 },
            [.. (exist ? keys : []).Select(static (key, number) => Beginning with { Name = $"beginning {number}", Key = key })],
            [
                Request(1, 0, Set("a")),
                Request(2, 0, Set("a")) with { Key = keys[1] },
                Request(3, 0, Set("a"), new Deed(DeedKind.CommitUnlessCancelled)) with { Key = keys[2] },
            ]);
    }

    internal static Workload CountsThatManyFollow(Setting setting) => Counting(
        setting,
        Request(1, 0, Count(0), Commit, Count(1)),
        Request(2, 1, Count(2), Commit, Count(3), Commit, Count(4), Commit, Count(5), Commit, Count(6)));

    private static Workload Counting(Setting setting, params RequestPlan[] requests) => new(setting with { Counts = true }, [Beginning], requests);

    private static RequestPlan Request(int number, int node, params Deed[] deeds) => new($"request {number}", node, default, Key, [Load, .. deeds]);

    private static Deed Count(int place) => new(DeedKind.Count, Place: place);

    private static Deed Set(string name) => new(DeedKind.Set, name);

    private void Explore(int interruptions, int misfortunes, params RequestPlan[] requests) =>
        Explore(interruptions, misfortunes, new Workload(_setting, [Beginning], requests));

    private static void Explore(int interruptions, int misfortunes, Workload workload)
    {
        var choices = new SystematicChoices(interruptions + Numbers.Depth, misfortunes);
        TestContext.Out.WriteLine($"{SimulationThread.Run(() => Count(workload, choices))} schedules");
    }

    private static int Count(Workload workload, SystematicChoices choices)
    {
        var schedules = 0;
        do
        {
            schedules++;
            if (Run(workload, choices, new Trace(isOn: false)) is { } violation)
            {
                var decisions = choices.ToString();
                choices.Repeat();
                var trace = new Trace(isOn: true);
                Run(workload, choices, trace);
                Assert.Fail($"Schedule {schedules}, decisions {decisions}: {violation}\n{string.Join('\n', trace.Lines)}");
            }
        }
        while (choices.TryNext());

        return schedules;
    }

    private static string? Run(Workload workload, SystematicChoices choices, Trace trace) =>
        new Schedule(workload, choices, seed: 1, trace) { EndsWithRequests = true }.Run();
}
