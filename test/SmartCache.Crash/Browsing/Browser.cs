using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Session;
using SmartCache.SecondProcess.Crashing;

namespace SmartCache.Crash;

/// <summary>A browser: it believes the status of an answer when the headers arrive. Each round has a session of its own.</summary>
internal sealed class Browser
{
    private readonly Judge _judge = new();
    private readonly HashSet<string> _sessions = [];
    private string _session = "";
    private TaskCompletionSource _allAnswered = new();

    /// <summary>Completes when each request of the round has its headers, or has failed.</summary>
    public Task AllAnswered => _allAnswered.Task;

    /// <summary>Begins a round. The first request warms the app up. If the round's session is new, that request has another one.</summary>
    public async Task BeginAsync(HttpClient client, string entry, bool isNew)
    {
        _allAnswered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var first = NewSession();
        _session = isNew ? NewSession() : first;
        _judge.Hear(await SendAsync(client, first, new Visit(entry, Before: 0, After: 0, Redirects: false), static () => { }));
    }

    /// <summary>Sends all requests at once, and waits for the ends of their answers.</summary>
    public async Task VisitAsync(HttpClient client, IReadOnlyList<Visit> visits)
    {
        var waiting = visits.Count;
        var journals = await Task.WhenAll(visits.Select(visit => SendAsync(client, _session, visit, () =>
        {
            if (Interlocked.Decrement(ref waiting) == 0)
                _allAnswered.SetResult();
        })));
        Array.ForEach(journals, _judge.Hear);
    }

    /// <summary>Compares the answers with the sessions that are there.</summary>
    public Verdict Decide(IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> found) =>
        _judge.Decide(found.Where(row => _sessions.Contains(row.Key)).ToDictionary());

    private static async Task<List<Claim>> SendAsync(HttpClient client, string session, Visit visit, Action answered)
    {
        var journal = new List<Claim> { NewClaim(ClaimKind.Set, visit.Entry, EntryValue.Brief(visit.Entry)) };
        using var request = new HttpRequestMessage(HttpMethod.Get, string.Create(
            CultureInfo.InvariantCulture, $"/visit?entry={visit.Entry}&before={visit.Before}&after={visit.After}&redirects={visit.Redirects}"))
        {
            Version = client.DefaultRequestVersion,
            VersionPolicy = client.DefaultVersionPolicy,
            Headers = { { "Cookie", $"{SessionDefaults.CookieName}={Convert.ToBase64String(Encoding.UTF8.GetBytes(session)).TrimEnd('=')}" } },
        };
        var isAnswered = false;
        try
        {
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            var status = (int)response.StatusCode;
            journal.Add(status is >= 200 and < 400 ? NewClaim(ClaimKind.Done) : NewClaim(ClaimKind.Refused, text: $"{status}"));
            isAnswered = true;
            answered();
            await response.Content.CopyToAsync(Stream.Null);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            // The app was killed. What it had said before counts.
            if (!isAnswered)
                answered();
        }

        return journal;

        Claim NewClaim(ClaimKind kind, string entry = "", string text = "") => new(kind, Save: 1, At: 0, session, entry, text);
    }

    private string NewSession()
    {
        var session = $"{Guid.NewGuid()}";
        _sessions.Add(session);
        return session;
    }
}
