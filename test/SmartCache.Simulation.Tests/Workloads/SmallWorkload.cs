namespace SmartCache.Simulation;

/// <summary>Workloads small enough to try every schedule of them.</summary>
internal static class SmallWorkload
{
    private const string Key = "5e551000-0000-4000-8000-000000000001";

    private static readonly Deed Load = new(DeedKind.Load);
    private static readonly Deed Commit = new(DeedKind.Commit);
    private static readonly Deed Abandon = new(DeedKind.Abandon);

    private static readonly RequestPlan Beginning = new("beginning", 0, default, Key, Load, Set("a"), Set("b"));

    /// <summary>Two nodes change an entry each.</summary>
    public static Workload TwoChanges(Setting setting) => new(
        setting, [Beginning], [Request(1, 0, Set("a")), Request(2, 1, Set("b"))]);

    /// <summary>A session is kept alive by a look at it, and looked at again when it would have expired without.</summary>
    public static Workload KeptAlive(Setting setting) => new(
        setting, [Beginning], [Request(1, 0) with { After = Setting.Window / 2 }, Request(2, 0) with { After = Setting.Window * 5 / 4 }]);

    /// <summary>Two nodes count.</summary>
    public static Workload TwoCounts(Setting setting) => new(
        setting with { Counts = true }, [Beginning], [Request(1, 0, Count(0), Commit, Count(1)), Request(2, 1, Count(2))]);

    /// <summary>A node counts, another counts on and on, and the first goes on.</summary>
    public static Workload CountsThatManyFollow(Setting setting) => new(
        setting with { Counts = true },
        [Beginning],
        [Request(1, 0, Count(0), Commit, Count(1)), Request(2, 1, Count(2), Commit, Count(3), Commit, Count(4), Commit, Count(5), Commit, Count(6))]);

    /// <summary>Two nodes begin the session at once.</summary>
    public static Workload TwoBeginnings(Setting setting) => new(
        setting, [], [Request(1, 0, Set("a")), Request(2, 1, Set("b"))]);

    /// <summary>Somebody logs out while another node changes an entry, twice.</summary>
    public static Workload Logout(Setting setting) => new(
        setting, [Beginning], [Request(1, 0, Set("a"), Commit, Set("b")), Request(2, 1, Abandon)]);

    /// <summary>Somebody logs out of a session that has just been begun.</summary>
    public static Workload LogoutAtOnce(Setting setting) => new(
        setting, [], [Request(1, 0, Set("a")), Request(2, 1, Abandon)]);

    /// <summary>Three requests meet on one node.</summary>
    public static Workload Line(Setting setting) => new(
        setting, [Beginning], [Request(1, 0, Set("a")), Request(2, 0, Set("b")), Request(3, 0, Set("c"))]);

    /// <summary>Two requests meet on one node, and another node comes between.</summary>
    public static Workload LineAndAnother(Setting setting) => new(
        setting, [Beginning], [Request(1, 0, Set("a")), Request(2, 0, Set("b")), Request(3, 1, new Deed(DeedKind.Remove, "a"))]);

    /// <summary>Two requests meet on one node while somebody logs out on another.</summary>
    public static Workload LineAndLogout(Setting setting) => new(
        setting, [Beginning], [Request(1, 0, Set("a")), Request(2, 0, Set("b")), Request(3, 1, Abandon)]);

    /// <summary>A request takes back what it stored before, while another node changes something else.</summary>
    public static Workload TakingBack(Setting setting) => new(
        setting, [Beginning], [Request(1, 0, Set("c"), Commit, new Deed(DeedKind.Remove, "c")), Request(2, 1, Set("a"))]);

    /// <summary>A request reads what another, whose answer may be lost, has left, and stores when that has tried again; a third comes between, and changes the same entry.</summary>
    public static Workload Retry(Setting setting) => new(
        setting,
        [Beginning],
        [Request(1, 0, Set("a")), Request(2, 1, new Deed(DeedKind.Wait, Time: TimeSpan.FromSeconds(1)), Set("c")), Request(3, 1, Set("a"), Set("b"))]);

    private static RequestPlan Request(int number, int node, params Deed[] deeds) => new($"request {number}", node, default, Key, [Load, .. deeds]);

    private static Deed Count(int place) => new(DeedKind.Count, Place: place);

    private static Deed Set(string name) => new(DeedKind.Set, name);
}
