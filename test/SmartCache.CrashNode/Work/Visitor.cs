using Microsoft.AspNetCore.Http;
using SmartCache.CrashNode.Journals;
using SmartCache.CrashNode.Plans;
using SmartCache.CrashNode.Requests;

namespace SmartCache.CrashNode.Work;

/// <summary>Sets, changes and removes entries of its own in sessions that it shares with all other visitors of all processes.</summary>
internal sealed class Visitor(StockApp app, SessionPlan plan, Announcer announcer, NodeArguments arguments, string name)
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
