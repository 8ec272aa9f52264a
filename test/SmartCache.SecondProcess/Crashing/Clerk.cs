using Microsoft.AspNetCore.Http;

namespace SmartCache.SecondProcess.Crashing;

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
        {
            await session.LoadAsync();
        }
        else if (!session.IsAvailable)
        {
            throw new InvalidOperationException("The session is not available.");
        }
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
