using SmartCache.Benchmarks.Growth;

namespace SmartCache.Benchmarks.CommandLine;

/// <summary>What the command line asks to be measured of large tables.</summary>
internal sealed record GrowthArguments
{
    public const string DefaultEngine = "postgres";
    public const string DefaultRows = "10k,1m,10m";
    public const string DefaultSweep = "1m";
    public const double DefaultSeconds = 2;
    public const double DefaultWarmUp = 0.3;
    public const int DefaultRounds = 3;
    public const int DefaultConcurrency = 8;
    public const string QuickText = "rows 1k,10k, sweep 10k, 0.3 seconds, warm-up 0.1, 1 round";

    private const long MostRows = 1_000_000_000;

    public IReadOnlyList<string> Engines { get; private init; } = [DefaultEngine];

    /// <summary>The sizes, the smallest first.</summary>
    public IReadOnlyList<long> Rows { get; private init; } = [10_000, 1_000_000, 10_000_000];

    /// <summary>How many expired rows are removed, from among as many live ones; 0 for none.</summary>
    public long Sweep { get; private init; } = 1_000_000;

    public int Concurrency { get; private init; } = DefaultConcurrency;

    public double Seconds { get; private init; } = DefaultSeconds;

    public double WarmUp { get; private init; } = DefaultWarmUp;

    public int Rounds { get; private init; } = DefaultRounds;

    public string Folder { get; private init; } = RequestsArguments.DefaultFolder;

    private static GrowthArguments Quick { get; } = new()
    {
        Rows = [1_000, 10_000],
        Sweep = 10_000,
        Seconds = 0.3,
        WarmUp = 0.1,
        Rounds = 1,
    };

    /// <exception cref="UsageException">An argument is unknown, incomplete or out of range.</exception>
    public static GrowthArguments Parse(IReadOnlyList<string> args)
    {
        // Whatever else is asked for holds, before or after --quick.
        var parsed = args.Contains("--quick") ? Quick : new GrowthArguments();
        foreach (var (name, value) in Options.Read(args))
        {
            parsed = name switch
            {
                "--quick" => Options.IsFlag(name, value) ? parsed : parsed,
                "--engine" => parsed with { Engines = Options.List(name, value, GrowthServers.Find) },
                "--rows" => parsed with { Rows = [.. Options.List(name, value, static (option, text) => Options.Rows(option, text, 1_000, MostRows)).Order()] },
                "--sweep" => parsed with { Sweep = Options.Rows(name, Options.Text(name, value), 0, MostRows) },
                "--concurrency" => parsed with { Concurrency = Options.Whole(name, value, 1, 256) },
                "--seconds" => parsed with { Seconds = Options.Seconds(name, value, 0.1) },
                "--warmup" => parsed with { WarmUp = Options.Seconds(name, value, 0) },
                "--rounds" => parsed with { Rounds = Options.Whole(name, value, 1, 99) },
                "--out" => parsed with { Folder = Options.Text(name, value) },
                _ => throw new UsageException($"{name} is not an option."),
            };
        }

        return parsed;
    }
}
