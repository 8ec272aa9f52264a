using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace SmartCache.SecondProcess.Crashing;

/// <summary>Sets, changes and removes entries of its own in sessions that it shares with all other visitors of all processes.</summary>
internal sealed class Visitor(StockApp app, SessionPlan plan, Announcer announcer, CrashArguments arguments, string name)
{
    private const int LargeValue = 200_000;
    private const int LongestValue = 60;

    private readonly OwnEntries[] _own = [.. Enumerable.Range(0, SessionPlan.Kept).Select(_ => new OwnEntries())];

    public async Task RunAsync(CancellationToken stop)
    {
        using var clerk = new Clerk(app, announcer, arguments, name);
        while (!stop.IsCancellationRequested)
        {
            await (Random.Shared.Next(100) switch
            {
                < 1 => StoreLargeAsync(clerk, Guid.NewGuid().ToString()),
                < 30 => JoinAsync(clerk, plan.LoggedOutSession(Random.Shared.Next(SessionPlan.LoggedOut), Clerk.Now)),
                _ => StoreInKeptAsync(clerk, Random.Shared.Next(SessionPlan.Kept)),
            });
        }
    }

    /// <summary>Needs space on the disk that the database has not got yet.</summary>
    private static Task<bool> StoreLargeAsync(Clerk clerk, string session) =>
        clerk.SendAsync(session, context => Set(clerk, session, context, LargeValue));

    /// <summary>Stores in a session that is logged out soon, or was just now; only the porter begins one.</summary>
    private static Task<bool> JoinAsync(Clerk clerk, string session) =>
        clerk.SendAsync(session, context => context.Session.Keys.Any() ? Set(clerk, session, context, Random.Shared.Next(LongestValue)) : null);

    private async Task<bool> StoreInKeptAsync(Clerk clerk, int number)
    {
        var session = plan.KeptSession(number, Clerk.Now);
        var own = _own[number];
        own.Enter(session);
        Claim? claim = null;
        var isDone = await clerk.SendAsync(session, context => claim = Random.Shared.Next(100) switch
        {
            < 10 when own.Find(clerk, context.Session, session) is { } entry => Remove(clerk, session, context, entry),
            < 25 when own.Find(clerk, context.Session, session) is { } entry => Set(clerk, session, context, Random.Shared.Next(LongestValue), entry),
            _ => Set(clerk, session, context, Random.Shared.Next(LongestValue)),
        });
        own.Note(claim, isDone);
        return isDone;
    }

    private static Claim Set(Clerk clerk, string session, HttpContext context, int length, string? entry = null)
    {
        var unique = clerk.Unique();
        var value = EntryValue.Brief(unique, length);
        context.Session.SetString(entry ?? unique, EntryValue.Whole(value));
        return clerk.Claim(ClaimKind.Set, session, entry ?? unique, value);
    }

    private static Claim Remove(Clerk clerk, string session, HttpContext context, string entry)
    {
        context.Session.Remove(entry);
        return clerk.Claim(ClaimKind.Remove, session, entry);
    }
}

/// <summary>The entries of one session that a worker has set, and may count on.</summary>
internal sealed class OwnEntries
{
    private readonly List<string> _entries = [];
    private string? _session;

    /// <summary>Forgets those of the session before.</summary>
    public void Enter(string session)
    {
        if (_session != session)
        {
            _entries.Clear();
            _session = session;
        }
    }

    /// <summary>One of them that the loaded session has; null if there is none. That one is missing is written down.</summary>
    public string? Find(Clerk clerk, ISession loaded, string session)
    {
        if (_entries.Count == 0)
        {
            return null;
        }

        var entry = _entries[Random.Shared.Next(_entries.Count)];
        if (loaded.TryGetValue(entry, out _))
        {
            return entry;
        }

        clerk.Write(clerk.Claim(ClaimKind.Unseen, session, entry));
        _entries.Remove(entry);
        return null;
    }

    /// <summary>What became of a claim: after a refusal nobody knows what there is.</summary>
    public void Note(Claim? claim, bool isDone)
    {
        if (claim is null)
        {
            return;
        }

        _entries.Remove(claim.Entry);
        if (isDone && claim.Kind == ClaimKind.Set)
        {
            _entries.Add(claim.Entry);
        }
    }
}

/// <summary>Begins a session whenever one has its turn, lets visitors store in it, and logs it out under their hands.</summary>
internal sealed class Porter(StockApp app, SessionPlan plan, Announcer announcer, CrashArguments arguments, int number)
{
    private static readonly TimeSpan Visit = TimeSpan.FromMilliseconds(200);

    public async Task RunAsync(CancellationToken stop)
    {
        using var clerk = new Clerk(app, announcer, arguments, $"porter{number}");
        while (!stop.IsCancellationRequested)
        {
            var turn = SessionPlan.NextLoggedOut(Clerk.Now);
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Max(1, turn - Clerk.Now)), CancellationToken.None);
            var session = plan.LoggedOutSession(number, turn);

            // Where it is not known to have begun there is nothing to log out: the next one has its turn.
            if (await clerk.SendAsync(session, context => Begin(clerk, session, context)))
            {
                await Task.Delay(Visit, CancellationToken.None);
                while (!await clerk.SendAsync(session, context => LogOut(clerk, session, context)) && !stop.IsCancellationRequested)
                {
                    // A user who is told that it failed tries again.
                }
            }
        }
    }

    private static Claim Begin(Clerk clerk, string session, HttpContext context)
    {
        var unique = clerk.Unique();
        var value = EntryValue.Brief(unique, unique.Length);
        context.Session.SetString(unique, EntryValue.Whole(value));
        return clerk.Claim(ClaimKind.Set, session, unique, value);
    }

    private static Claim LogOut(Clerk clerk, string session, HttpContext context)
    {
        context.AbandonSession();
        return clerk.Claim(ClaimKind.LogOut, session);
    }
}

/// <summary>Counts up an entry that all processes count up, under the rule that what they add is added up.</summary>
internal sealed class Counter(StockApp app, SessionPlan plan, Announcer announcer, CrashArguments arguments, int number)
{
    public const string Entry = "hits";

    public async Task RunAsync(CancellationToken stop)
    {
        using var clerk = new Clerk(app, announcer, arguments, $"counter{number}");
        while (!stop.IsCancellationRequested)
        {
            var session = plan.CountedSession(number, Clerk.Now);
            await clerk.SendAsync(session, context => CountUp(clerk, session, context));
        }
    }

    private static Claim CountUp(Clerk clerk, string session, HttpContext context)
    {
        var count = int.Parse(context.Session.GetString(Entry) ?? "0", CultureInfo.InvariantCulture);
        context.Session.SetString(Entry, (count + 1).ToString(CultureInfo.InvariantCulture));
        return clerk.Claim(ClaimKind.Count, session, Entry);
    }
}
