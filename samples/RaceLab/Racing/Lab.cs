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
                    {
                        yield break;
                    }

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
        {
            await contender.DisposeAsync();
        }

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
