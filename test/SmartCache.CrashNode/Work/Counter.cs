using System.Globalization;
using Microsoft.AspNetCore.Http;
using SmartCache.CrashNode.Journals;
using SmartCache.CrashNode.Plans;
using SmartCache.CrashNode.Requests;

namespace SmartCache.CrashNode.Work;

/// <summary>Counts up an entry that all processes count up, under the rule that what they add is added up.</summary>
internal sealed class Counter(StockApp app, SessionPlan plan, Announcer announcer, NodeArguments arguments, int number)
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
