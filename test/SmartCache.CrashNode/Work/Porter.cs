using Microsoft.AspNetCore.Http;
using SmartCache.CrashNode.Journals;
using SmartCache.CrashNode.Plans;
using SmartCache.CrashNode.Requests;

namespace SmartCache.CrashNode.Work;

/// <summary>Begins a session whenever one has its turn, lets visitors store in it, and logs it out under their hands.</summary>
internal sealed class Porter(StockApp app, SessionPlan plan, Announcer announcer, NodeArguments arguments, int number)
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
