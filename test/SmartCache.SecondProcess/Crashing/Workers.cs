using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace SmartCache.SecondProcess.Crashing;

/// <summary>Sends one request after the other until it is stopped.</summary>
internal abstract class Worker(Clerk clerk)
{
    protected Clerk Clerk => clerk;

    public async Task RunAsync(CancellationToken stop)
    {
        using (clerk)
        {
            while (!stop.IsCancellationRequested)
                await StepAsync(stop);
        }
    }

    protected abstract Task StepAsync(CancellationToken stop);
}

/// <summary>Sets, changes and removes entries of its own in sessions that it shares with all other visitors of all processes.</summary>
internal sealed class Visitor(Clerk clerk, SessionPlan plan) : Worker(clerk)
{
    private const int LargeValue = 200_000;
    private const int LongestValue = 60;

    private readonly OwnEntries[] _own = [.. Enumerable.Range(0, SessionPlan.Kept).Select(_ => new OwnEntries())];

    protected override Task StepAsync(CancellationToken stop) => Random.Shared.Next(100) switch
    {
        < 1 => SaveLargeAsync($"{Guid.NewGuid()}"),
        < 30 => JoinAsync(plan.LoggedOutSession(Random.Shared.Next(SessionPlan.LoggedOut), Clerk.Now)),
        _ => SaveInKeptAsync(Random.Shared.Next(SessionPlan.Kept)),
    };

    /// <summary>Needs space on the disk that the database does not have yet.</summary>
    private Task<bool> SaveLargeAsync(string session) => Clerk.SendAsync(session, context => Clerk.Set(session, context, LargeValue));

    /// <summary>Saves in a session that is logged out soon, or was just now; only the porter begins one.</summary>
    private Task<bool> JoinAsync(string session) =>
        Clerk.SendAsync(session, context => context.Session.Keys.Any() ? Clerk.Set(session, context, Random.Shared.Next(LongestValue)) : null);

    private async Task SaveInKeptAsync(int number)
    {
        var session = plan.KeptSession(number, Clerk.Now);
        var own = _own[number];
        own.Enter(session);
        Claim? claim = null;
        var isDone = await Clerk.SendAsync(session, context => claim = Random.Shared.Next(100) switch
        {
            < 10 when own.Find(Clerk, context.Session, session) is { } entry => Remove(session, context, entry),
            < 25 when own.Find(Clerk, context.Session, session) is { } entry => Clerk.Set(session, context, Random.Shared.Next(LongestValue), entry),
            _ => Clerk.Set(session, context, Random.Shared.Next(LongestValue)),
        });
        own.Note(claim, isDone);
    }

    private Claim Remove(string session, HttpContext context, string entry)
    {
        context.Session.Remove(entry);
        return Clerk.Claim(ClaimKind.Remove, session, entry);
    }
}

/// <summary>The entries of one session that a worker has set, and that must be there.</summary>
internal sealed class OwnEntries
{
    private readonly List<string> _entries = [];
    private string? _session;

    /// <summary>Forgets the entries of the session before.</summary>
    public void Enter(string session)
    {
        if (_session != session)
        {
            _entries.Clear();
            _session = session;
        }
    }

    /// <summary>An entry that the loaded session has; null if there is none. A missing entry is noted.</summary>
    public string? Find(Clerk clerk, ISession loaded, string session)
    {
        if (_entries.Count == 0)
            return null;

        var entry = _entries[Random.Shared.Next(_entries.Count)];
        if (loaded.TryGetValue(entry, out _))
            return entry;

        clerk.Write(clerk.Claim(ClaimKind.Unseen, session, entry));
        _entries.Remove(entry);
        return null;
    }

    /// <summary>Takes note of the result. After a refusal, the entry is unknown.</summary>
    public void Note(Claim? claim, bool isDone)
    {
        if (claim is null)
            return;

        _entries.Remove(claim.Entry);
        if (isDone && claim.Kind == ClaimKind.Set)
            _entries.Add(claim.Entry);
    }
}

/// <summary>Begins a session whenever one has its turn, lets visitors save in it, and logs it out meanwhile.</summary>
internal sealed class Porter(Clerk clerk, SessionPlan plan, int number) : Worker(clerk)
{
    private static readonly TimeSpan Visit = TimeSpan.FromMilliseconds(200);

    protected override async Task StepAsync(CancellationToken stop)
    {
        var turn = SessionPlan.NextLoggedOut(Clerk.Now);
        await Task.Delay(TimeSpan.FromMilliseconds(Math.Max(1, turn - Clerk.Now)), CancellationToken.None);
        var session = plan.LoggedOutSession(number, turn);

        // A session that is not known to have begun cannot be logged out: the next one has its turn.
        if (await Clerk.SendAsync(session, context => Clerk.Set(session, context, length: 0)))
        {
            await Task.Delay(Visit, CancellationToken.None);
            while (!await Clerk.SendAsync(session, context => LogOut(session, context)) && !stop.IsCancellationRequested)
            {
                // A user who is told that it failed tries again.
            }
        }
    }

    private Claim LogOut(string session, HttpContext context)
    {
        context.AbandonSession();
        return Clerk.Claim(ClaimKind.LogOut, session);
    }
}

/// <summary>Counts up an entry that all processes count up, under the rule that what they add is added up.</summary>
internal sealed class Counter(Clerk clerk, SessionPlan plan, int number) : Worker(clerk)
{
    public const string Entry = "hits";

    protected override Task StepAsync(CancellationToken stop)
    {
        var session = plan.CountedSession(number, Clerk.Now);
        return Clerk.SendAsync(session, context =>
        {
            var count = int.Parse(context.Session.GetString(Entry) ?? "0", CultureInfo.InvariantCulture);
            context.Session.SetString(Entry, (count + 1).ToString(CultureInfo.InvariantCulture));
            return Clerk.Claim(ClaimKind.Count, session, Entry);
        });
    }
}

/// <summary>Sends a worker's requests, one after the other, and notes in the journal what each tries and what it is told.</summary>
internal sealed class Clerk(StockApp app, Announcer announcer, CrashArguments arguments, string worker) : IDisposable
{
    private const int LongestThoughtMs = 12;
    private static readonly TimeSpan PauseAfterRefusal = TimeSpan.FromMilliseconds(30);

    private readonly Journal _journal = new(Path.Combine(arguments.Journals, $"{arguments.Name}.{worker}.journal"));
    private long _save;

    public static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    public Claim Claim(ClaimKind kind, string session, string entry = "", string text = "") => new(kind, _save, Now, session, entry, text);

    public void Write(Claim claim) => _journal.Write(claim);

    /// <summary>Sets an entry, a new one unless it is named, to a value that nobody else will ever use.</summary>
    public Claim Set(string session, HttpContext context, int length, string? entry = null)
    {
        var unique = $"{arguments.Name}.{worker}.{_save}";
        var value = EntryValue.Brief(unique, length);
        context.Session.SetString(entry ?? unique, EntryValue.Whole(value));
        return Claim(ClaimKind.Set, session, entry ?? unique, value);
    }

    /// <summary>
    /// Sends a request that loads its session, runs the script, and waits a little. The script returns what it claims to
    /// change; null for nothing.
    /// </summary>
    /// <returns>Whether the save was acknowledged; false also if the session could not be loaded, or nothing was to be changed.</returns>
    public async Task<bool> SendAsync(string session, Func<HttpContext, Claim?> script)
    {
        _save++;
        var hasTried = false;
        try
        {
            await app.RunAsync(session, async context =>
            {
                await LoadAsync(context.Session);
                if (script(context) is { } claim)
                {
                    hasTried = true;
                    _journal.Write(claim);
                    await Task.Delay(Random.Shared.Next(LongestThoughtMs + 1));
                }
            });
        }
        catch (RefusedException exception)
        {
            _journal.Write(Claim(ClaimKind.Refused, session, text: exception.Message));
            await Task.Delay(PauseAfterRefusal);
            return false;
        }

        if (hasTried)
        {
            _journal.Write(Claim(ClaimKind.Done, session));
            announcer.Acknowledged();
        }

        return hasTried;
    }

    public void Dispose() => _journal.Dispose();

    /// <summary>Loads as apps do: asynchronously beforehand, or by the first look.</summary>
    private static async Task LoadAsync(ISession session)
    {
        if (Random.Shared.Next(2) == 0)
            await session.LoadAsync();
        else if (!session.IsAvailable)
            throw new InvalidOperationException("The session is not available.");
    }
}

/// <summary>Says that saves succeed: often enough to measure how long they did not, but not for each of them.</summary>
internal sealed class Announcer(TextWriter output)
{
    private const long IntervalMs = 20;

    private readonly Lock _lock = new();
    private long _last;

    public void Acknowledged()
    {
        lock (_lock)
        {
            var now = Environment.TickCount64;
            if (now - _last >= IntervalMs)
            {
                _last = now;
                output.WriteLine("saved");
            }
        }
    }
}
