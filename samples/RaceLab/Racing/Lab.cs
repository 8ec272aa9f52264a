using System.Globalization;
using System.Runtime.CompilerServices;
using SmartCache.Engines;

namespace RaceLab.Racing;

/// <summary>Two apps on one engine, and races between them, one at a time.</summary>
internal sealed class Lab : IAsyncDisposable
{
    private readonly Contender _lastWriterWins;
    private readonly Contender _smartCache;
    private readonly CancellationToken _stopping;
    private readonly SemaphoreSlim _oneRace = new(1);

    private Lab(LabEngine engine, CancellationToken stopping)
    {
        Engine = engine;
        _stopping = stopping;
        _lastWriterWins = new Contender(CacheKind.LastWriterWins, engine);
        _smartCache = new Contender(CacheKind.SmartCache, engine);
    }

    public LabEngine Engine { get; }

    /// <summary>What the figures mean.</summary>
    public string HowCounted =>
        $"""
        {Engine.HowCounted}
        In a race, a request of SmartCache that comes second reads and writes once more: the price of losing
        nothing. That a session was used is written later, in batches over many sessions, and not counted.
        """;

    /// <summary>Starts both apps, and runs each once, so that compiling and opening connections does not count.</summary>
    public static Task<Lab> StartAsync(LabEngine engine, CancellationToken stopping) => new Lab(engine, stopping).StartedAsync(async lab =>
    {
        foreach (var contender in lab.Contenders())
        {
            await contender.StartAsync(stopping);
            await contender.RaceAsync(RaceSettings.Default.Requests, stopping);
        }
    });

    /// <summary>Runs a race and reports after each app's turn. The apps take turns, so that neither slows the other down.</summary>
    /// <returns>The reports; the last one has a verdict, unless the laboratory is stopped before.</returns>
    public async IAsyncEnumerable<RaceReport> RaceAsync(RaceSettings settings, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await _oneRace.WaitAsync(cancellationToken);
        try
        {
            var reports = Contenders().Select(contender => new ContenderReport(contender.Kind, contender.Name)).ToArray();
            for (var round = 1; round <= settings.Rounds; round++)
            {
                foreach (var (i, contender) in Contenders().Index())
                {
                    if (_stopping.IsCancellationRequested)
                        yield break;

                    reports[i] = reports[i].Plus(await contender.RaceAsync(settings.Requests, cancellationToken));
                    var verdict = reports.All(report => report.Rounds == settings.Rounds) ? Verdict.Of(reports[0], reports[1]) : null;
                    yield return new RaceReport(reports.Min(report => report.Rounds), settings.Rounds, [.. reports], verdict);
                }
            }
        }
        finally
        {
            _oneRace.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var contender in Contenders())
            await contender.DisposeAsync();

        await Engine.DisposeAsync();
        _oneRace.Dispose();
    }

    private IEnumerable<Contender> Contenders() => [_lastWriterWins, _smartCache];
}

/// <summary>How long a race is.</summary>
/// <param name="Rounds">Rounds, each with a session of its own.</param>
/// <param name="Requests">Concurrent requests in a round.</param>
internal sealed record RaceSettings(int Rounds, int Requests)
{
    public const int MinRounds = 1;
    public const int MaxRounds = 500;

    // A single request has nothing to race with.
    public const int MinRequests = 2;
    public const int MaxRequests = 64;

    public static readonly RaceSettings Default = new(Rounds: 40, Requests: 8);

    public bool IsValid => Rounds is >= MinRounds and <= MaxRounds && Requests is >= MinRequests and <= MaxRequests;
}

/// <summary>How the race stands after a round of both. SmartCache is the last contender. Verdict is null until the race is over.</summary>
internal sealed record RaceReport(int Round, int Rounds, IReadOnlyList<ContenderReport> Contenders, Verdict? Verdict);

/// <summary>One app's sums over all rounds.</summary>
internal sealed record ContenderReport(CacheKind Kind, string Name)
{
    public int Rounds { get; private init; }

    /// <summary>Racing requests sent.</summary>
    public int Sent { get; private init; }

    /// <summary>Racing requests answered with 200.</summary>
    public int Acknowledged { get; private init; }

    /// <summary>Entries acknowledged that the session did not hold afterwards.</summary>
    public int Lost { get; private init; }
    public RequestCosts Costs { get; private init; } = RequestCosts.None;
    public IReadOnlyList<EntryFate> LastRound { get; private init; } = [];

    public ContenderReport Plus(RoundResult round) => this with
    {
        Rounds = Rounds + 1,
        Sent = Sent + round.Entries.Count,
        Acknowledged = Acknowledged + round.Entries.Count(entry => entry.IsAcknowledged),
        Lost = Lost + round.Entries.Count(entry => entry.IsLost),
        Costs = Costs + round.Costs,
        LastRound = round.Entries,
    };
}

/// <summary>One round of one app: an entry for each racing request, and what those and a quiet request of each kind cost.</summary>
internal sealed record RoundResult(IReadOnlyList<EntryFate> Entries, RequestCosts Costs);

/// <summary>What became of one request's entry: whether the request was answered with 200, and the session holds the entry afterwards.</summary>
internal sealed record EntryFate(string Name, bool IsAcknowledged, bool IsSaved)
{
    public bool IsLost => IsAcknowledged && !IsSaved;
}

/// <summary>What a race showed: whether SmartCache kept everything and the other cache did not, and the same in words.</summary>
internal sealed record Verdict(bool IsProven, string Sentence)
{
    public static Verdict Of(ContenderReport lastWriterWins, ContenderReport smartCache)
    {
        if (smartCache.Lost > 0)
            return new(false, $"SmartCache lost {Share(smartCache)}. That must never happen: please report it.");

        if (smartCache.Acknowledged < smartCache.Sent)
            return new(false, $"SmartCache acknowledged only {Number(smartCache.Acknowledged)} of {Number(smartCache.Sent)} requests: see the errors logged.");

        return lastWriterWins.Lost == 0
            ? new(false, "Nothing was lost on either side, so this run shows nothing: let more requests race, or more rounds.")
            : new(true, $"Last writer wins lost {Share(lastWriterWins)}. SmartCache lost none of {Number(smartCache.Acknowledged)}.");
    }

    private static string Share(ContenderReport contender) => string.Create(
        CultureInfo.InvariantCulture,
        $"{contender.Lost:N0} of {contender.Acknowledged:N0} acknowledged entries ({100.0 * contender.Lost / contender.Acknowledged:0} %)");

    private static string Number(int count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
