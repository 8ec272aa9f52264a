namespace SmartCache.Simulation;

/// <summary>Every schedule of small workloads, with so many interruptions and misfortunes at most; <c>SMARTCACHE_SIMULATION_DEPTH</c> adds to the former.</summary>
[TestFixture(ConcurrencyMode.Optimistic, true)]
[TestFixture(ConcurrencyMode.Optimistic, false)]
[TestFixture(ConcurrencyMode.Pessimistic, true)]
public sealed class SystematicScheduleTests(ConcurrencyMode concurrency, bool hasRowLocks)
{
    private readonly Setting _setting = new() { Concurrency = concurrency, HasRowLocks = hasRowLocks };

    [TestCase(3, 0)]
    [TestCase(1, 1)]
    public void Two_nodes_change_an_entry_each(int interruptions, int misfortunes) => Explore(SmallWorkload.TwoChanges, interruptions, misfortunes);

    [TestCase(0, 1)]
    public void A_session_is_kept_alive(int interruptions, int misfortunes) => Explore(SmallWorkload.KeptAlive, interruptions, misfortunes);

    [TestCase(2, 0)]
    [TestCase(1, 1)]
    public void Two_nodes_count(int interruptions, int misfortunes) => Explore(SmallWorkload.TwoCounts, interruptions, misfortunes);

    [TestCase(1, 1)]
    public void A_node_counts_and_another_goes_on_counting(int interruptions, int misfortunes) =>
        Explore(SmallWorkload.CountsThatManyFollow, interruptions, misfortunes);

    [TestCase(3, 0)]
    [TestCase(1, 1)]
    public void Two_nodes_begin_a_session(int interruptions, int misfortunes) => Explore(SmallWorkload.TwoBeginnings, interruptions, misfortunes);

    [TestCase(3, 0)]
    [TestCase(1, 1)]
    public void Somebody_logs_out(int interruptions, int misfortunes) => Explore(SmallWorkload.Logout, interruptions, misfortunes);

    [TestCase(3, 0)]
    [TestCase(1, 1)]
    public void Somebody_logs_out_at_once(int interruptions, int misfortunes) => Explore(SmallWorkload.LogoutAtOnce, interruptions, misfortunes);

    [TestCase(3, 0)]
    [TestCase(1, 1)]
    public void A_request_takes_back_what_it_stored(int interruptions, int misfortunes) => Explore(SmallWorkload.TakingBack, interruptions, misfortunes);

    [TestCase(1, 0)]
    [TestCase(0, 1)]
    public void A_request_tries_again_and_others_come_between(int interruptions, int misfortunes) =>
        Explore(SmallWorkload.Retry, interruptions, misfortunes);

    [TestCase(2, 0)]
    [TestCase(0, 1)]
    public void Three_requests_meet_on_a_node(int interruptions, int misfortunes) => Explore(SmallWorkload.Line, interruptions, misfortunes);

    [TestCase(2, 0)]
    [TestCase(0, 1)]
    public void Two_requests_meet_on_a_node_and_another_comes_between(int interruptions, int misfortunes) =>
        Explore(SmallWorkload.LineAndAnother, interruptions, misfortunes);

    [TestCase(2, 0)]
    [TestCase(0, 1)]
    public void Two_requests_meet_on_a_node_and_somebody_logs_out(int interruptions, int misfortunes) =>
        Explore(SmallWorkload.LineAndLogout, interruptions, misfortunes);

    private void Explore(Func<Setting, Workload> workload, int interruptions, int misfortunes) =>
        TestContext.Out.WriteLine($"{SimulationThread.Run(() => Count(workload(_setting), new SystematicChoices(interruptions + Numbers.Depth, misfortunes)))} schedules");

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
