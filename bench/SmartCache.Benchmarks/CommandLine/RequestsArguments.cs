using SmartCache.Benchmarks.Contenders;
using SmartCache.Benchmarks.Engines;
using SmartCache.Benchmarks.Load;

namespace SmartCache.Benchmarks.CommandLine;

/// <summary>What the command line asks to be measured.</summary>
internal sealed record RequestsArguments
{
    public const string DefaultPayloads = "1k,16k";
    public const string DefaultConcurrency = "1,8,32";
    public const int DefaultSessions = 100_000;
    public const double DefaultSeconds = 5;
    public const double DefaultWarmUp = 3;
    public const int DefaultRounds = 3;
    public const string DefaultFolder = "artifacts/bench";
    public const string QuickText = "1k, 20000 sessions, concurrency 8, 1 second, warm-up 0.5, 1 round";

    public IReadOnlyList<string> Engines { get; private init; } = [KnownEngines.Default];

    public string? Connection { get; private init; }

    public IReadOnlyList<string> Contenders { get; private init; } = ContenderNames.Measured;

    public IReadOnlyList<RequestKind> Kinds { get; private init; } = Enum.GetValues<RequestKind>();

    public IReadOnlyList<int> Payloads { get; private init; } = [1024, 16 * 1024];

    public int Sessions { get; private init; } = DefaultSessions;

    public IReadOnlyList<int> Concurrency { get; private init; } = [1, 8, 32];

    public double Seconds { get; private init; } = DefaultSeconds;

    public double WarmUp { get; private init; } = DefaultWarmUp;

    public int Rounds { get; private init; } = DefaultRounds;

    public string Folder { get; private init; } = DefaultFolder;

    private static RequestsArguments Quick { get; } = new()
    {
        Payloads = [1024],
        Sessions = 20_000,
        Concurrency = [8],
        Seconds = 1,
        WarmUp = 0.5,
        Rounds = 1,
    };

    /// <exception cref="UsageException">An argument is unknown, incomplete or out of range.</exception>
    public static RequestsArguments Parse(IReadOnlyList<string> args)
    {
        // Whatever else is asked for holds, before or after --quick.
        var parsed = args.Contains("--quick") ? Quick : new RequestsArguments();
        foreach (var (name, value) in Options.Read(args))
        {
            parsed = name switch
            {
                "--quick" => Options.IsFlag(name, value) ? parsed : parsed,
                "--engine" => parsed with { Engines = Options.List(name, value, KnownEngines.Find) },
                "--connection" => parsed with { Connection = Options.Text(name, value) },
                "--contenders" => parsed with { Contenders = Options.List(name, value, ContenderNames.Find) },
                "--requests" => parsed with { Kinds = Options.List(name, value, RequestKinds.Find) },
                "--payload" => parsed with { Payloads = Options.List(name, value, Options.Bytes) },
                "--sessions" => parsed with { Sessions = Options.Whole(name, value, 1_000, 10_000_000) },
                "--concurrency" => parsed with { Concurrency = Options.List(name, value, static (option, text) => Options.Whole(option, text, 1, 256)) },
                "--seconds" => parsed with { Seconds = Options.Seconds(name, value, 0.1) },
                "--warmup" => parsed with { WarmUp = Options.Seconds(name, value, 0) },
                "--rounds" => parsed with { Rounds = Options.Whole(name, value, 1, 99) },
                "--out" => parsed with { Folder = Options.Text(name, value) },
                _ => throw new UsageException($"{name} is not an option."),
            };
        }

        return parsed.Connection is null || (parsed.Engines is [var engine] && engine != KnownEngines.Default)
            ? parsed
            : throw new UsageException($"--connection is for one --engine, other than {KnownEngines.Default}, which makes a file of its own.");
    }
}
