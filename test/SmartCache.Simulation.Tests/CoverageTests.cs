namespace SmartCache.Simulation;

/// <summary>The schedules contain what they should test.</summary>
public sealed class CoverageTests
{
    private const int Schedules = 2_000;

    /// <summary>Only values that are not sessions are saved or replaced like this, and the table always exists.</summary>
    private static readonly StatementKind[] OfOtherValues = [StatementKind.Create, StatementKind.Upsert, StatementKind.Replace];

    private static readonly Fate[] Late = [Fate.LostMeanwhile, Fate.TimedOutMeanwhile];
    private static readonly Fate[] Fates = [.. Enum.GetValues<Fate>().Where(static fate => fate != Fate.Fine)];

    private static readonly string[] Expected =
    [
        .. Enum.GetValues<StatementKind>().Except(OfOtherValues).Select(static kind => $": sends {kind}"),
        .. Fates.Select(static fate => $": meets with {fate}"),
        .. Fates.Except(Late).Select(static fate => $": meets with {fate}: {StatementKind.ReadMany}"),
        ": goes on", ": carries on", ": lets another go on", ": waits for another no longer",
        ": is answered UpdateMany: 2", ": is answered InsertMany: 2",
        ": is answered Insert: 0", ": is answered Update: 0", ": is answered Update and commit: 0", "row: RemoveExpired",
        "server: late Update", "server: late Remove", "server: late Touch", "server: notices a lost connection",
        "caller: changes its mind", "killer: begins", "commit: failed", "load: failed", "logout: failed",
        "was discarded: the session was removed", "Touches could not be written", "Expired rows could not be removed",
    ];

    [Test]
    public void Everything_that_is_simulated_happens()
    {
        var missing = Expected.ToHashSet();
        for (var seed = 1; seed <= Schedules && missing.Count > 0; seed++)
        {
            var trace = RandomSchedule.Trace(seed);
            missing.RemoveWhere(part => trace.Any(line => line.Contains(part, StringComparison.Ordinal)));
        }

        Assert.That(missing, Is.Empty, $"not in {Schedules} schedules");
    }

    [Test]
    public void A_save_is_refused_if_later_saves_have_removed_every_trace_of_an_in_doubt_write() => Assert.That(
        SimulationThread.Run(() => HappensInSome(SystematicScheduleTests.CountsThatManyFollow(new Setting()), static trace =>
            trace.Lines.Any(static line => line.Contains("later saves have removed every trace", StringComparison.Ordinal)))),
        Is.True);

    [TestCase(true, "sends ReadMany", "sends UpdateMany", "late UpdateMany", "waits for another no longer")]
    [TestCase(false, "sends InsertMany")]
    public void A_shared_statement_meets_with_every_misfortune(bool exist, params string[] others)
    {
        var fates = exist
            ? Fates.Select(static fate => $"meets with {fate}: {StatementKind.UpdateMany}")
            : Fates.Except(Late).Select(static fate => $"meets with {fate}: {StatementKind.InsertMany}");
        HashSet<string> missing = [.. fates, .. others];
        SimulationThread.Run(() => HappensInSome(SystematicScheduleTests.ThreeSessionsOfANode(new Setting(), exist), trace =>
        {
            missing.RemoveWhere(what => trace.Lines.Any(line => line.Contains($": {what}", StringComparison.Ordinal)));
            return missing.Count == 0;
        }));

        Assert.That(missing, Is.Empty);
    }

    private static bool HappensInSome(Workload workload, Func<Trace, bool> happens)
    {
        var choices = new SystematicChoices(maxInterruptions: 1, maxMisfortunes: 1);
        do
        {
            var trace = new Trace(isOn: true);
            var violation = new Schedule(workload, choices, seed: 1, trace) { EndsWithRequests = true }.Run();
            Assert.That(violation, Is.Null, string.Join('\n', trace.Lines));
            if (happens(trace))
                return true;
        }
        while (choices.TryNext());

        return false;
    }
}

/// <summary>The rules find faults: with a fault built into the simulated server, a schedule soon breaks one.</summary>
public sealed class FlawTests
{
    private const int Schedules = 3_000;

    [TestCase(nameof(Flaw.MineReplacesTheirs), "NothingComesFromNowhere")]
    [TestCase(nameof(Flaw.IgnoresVersion), "NothingComesFromNowhere")]
    [TestCase(nameof(Flaw.RevivesRemoved), "RemovedSessionsStayRemoved")]
    [TestCase(nameof(Flaw.InsertsOverLive), "")]
    [TestCase(nameof(Flaw.KeepsVersion), "NothingComesFromNowhere")]
    [TestCase(nameof(Flaw.LosesSaves), "AcknowledgedSavesLast")]
    [TestCase(nameof(Flaw.ForgetsVersions), "CountsAreExact")]
    [TestCase(nameof(Flaw.TouchesDead), "NobodyLivesTooLong")]
    [TestCase(nameof(Flaw.TouchesBackward), "NobodyDiesTooEarly")]
    [TestCase(nameof(Flaw.LosesTouches), "NobodyDiesTooEarly")]
    [TestCase(nameof(Flaw.SweepsTooEarly), "NobodyDiesTooEarly")]
    [TestCase(nameof(Flaw.NeverSweeps), "never removed")]
    [TestCase(nameof(Flaw.JoinsSentReads), "ReadsFindRows")]
    [TestCase(nameof(Flaw.LosesRemovals), "RemovedSessionsStayRemoved")]
    public void A_flaw_of_the_server_is_found(string flaw, string expected)
    {
        var built = Enum.Parse<Flaw>(flaw);
        var found = SimulationThread.Run(() => Enumerable.Range(1, Schedules)
            .Select(seed => (Seed: seed, Violation: RandomSchedule.Run(seed, built)))
            .FirstOrDefault(schedule => schedule.Violation?.Contains(expected, StringComparison.Ordinal) == true));

        Assert.That(found.Violation, Is.Not.Null, $"None of {Schedules} schedules shows it.");
        TestContext.Out.WriteLine($"Seed {found.Seed}: {found.Violation}");
    }
}
