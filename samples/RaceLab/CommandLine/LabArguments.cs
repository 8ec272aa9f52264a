using System.Globalization;
using RaceLab.Engines;
using RaceLab.Racing;

namespace RaceLab.CommandLine;

/// <summary>What the command line asks for.</summary>
internal sealed record LabArguments
{
    public const int DefaultPort = 5080;

    public bool ShowHelp { get; private init; }

    public bool Once { get; private init; }

    public RaceSettings Settings { get; private init; } = RaceSettings.Default;

    public string Engine { get; private init; } = KnownEngines.Default;

    public string? Connection { get; private init; }

    public string? Urls { get; private init; }

    /// <exception cref="UsageException">An argument is unknown, incomplete or out of range.</exception>
    public static LabArguments Parse(string[] args)
    {
        var parsed = new LabArguments();
        var rest = new Queue<string>(args);
        while (rest.TryDequeue(out var argument))
        {
            var parts = argument.Split('=', 2);
            var (name, inline) = (parts[0], parts.ElementAtOrDefault(1));
            parsed = name switch
            {
                "--help" or "-h" => parsed with { ShowHelp = Flag(name, inline) },
                "--once" => parsed with { Once = Flag(name, inline) },
                "--rounds" => parsed with { Settings = parsed.Settings with { Rounds = Number(RaceSettings.MinRounds, RaceSettings.MaxRounds) } },
                "--requests" => parsed with { Settings = parsed.Settings with { Requests = Number(RaceSettings.MinRequests, RaceSettings.MaxRequests) } },
                "--engine" => parsed with { Engine = Value() },
                "--connection" => parsed with { Connection = Value() },
                "--urls" => parsed with { Urls = Value() },
                _ => throw new UsageException($"{argument} is not an option."),
            };

            string Value() =>
                inline is { Length: > 0 } ? inline
                : inline is null && rest.TryPeek(out var next) && !next.StartsWith("--", StringComparison.Ordinal) ? rest.Dequeue()
                : throw new UsageException($"{name} needs a value.");

            int Number(int min, int max)
            {
                var text = Value();
                return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
                    ? number
                    : throw new UsageException($"{name} is a number from {min} to {max}, not '{text}'.");
            }
        }

        return parsed;
    }

    private static bool Flag(string name, string? value) =>
        value is null ? true : throw new UsageException($"{name} takes no value.");
}
