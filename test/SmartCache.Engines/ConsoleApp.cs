using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace SmartCache.Engines;

/// <summary>The program cannot do what its options ask for. The message names the option.</summary>
public sealed class UsageException(string message) : Exception(message);

/// <summary>The exit codes of benchmarks and RaceLab.</summary>
public static class ExitCode
{
    /// <summary>The run is complete, and shows what it should.</summary>
    public const int Done = 0;

    /// <summary>The run failed, or shows something else.</summary>
    public const int Failed = 1;

    public const int BadArguments = 2;

    /// <summary>Ctrl-C ended the run; shells use the same number.</summary>
    public const int Stopped = 130;
}

/// <summary>What benchmarks and RaceLab share as console programs: options, exit codes, Ctrl-C.</summary>
public static class ConsoleApp
{
    /// <summary>Runs the command and returns the exit code. Wrong options and a server that does not start are reported on the error stream.</summary>
    public static async Task<int> RunAsync(RootCommand root, string[] args)
    {
        var parsed = root.Parse(args);
        try
        {
            // System.CommandLine's own handling of Ctrl-C is off: it does not wait until servers are stopped.
            return parsed.Errors.Count == 0
                ? await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null })
                : throw new UsageException(string.Join('\n', parsed.Errors.Select(error => error.Message)));
        }
        catch (UsageException exception)
        {
            await Console.Error.WriteLineAsync($"{exception.Message}\n\n--help shows the options.");
            return ExitCode.BadArguments;
        }
        catch (Exception exception) when (exception is EngineUnavailableException or EngineFailedException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return ExitCode.Failed;
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Stopped;
        }
    }

    /// <summary>Sets what a command does. Ctrl-C and SIGTERM cancel the token.</summary>
    public static void Run(this Command command, Func<ParseResult, CancellationToken, Task<int>> run) => command.SetAction(async parsed =>
    {
        using var stop = new CancellationTokenSource();
        var signals = new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM }.Select(signal => PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            stop.Cancel();
        })).ToList();
        try
        {
            return await run(parsed, stop.Token);
        }
        finally
        {
            signals.ForEach(signal => signal.Dispose());
        }
    });

    public static Option<bool> Flag(this Command command, string name, string description)
    {
        var option = new Option<bool>(name) { Description = description, Arity = ArgumentArity.Zero };
        command.Options.Add(option);
        return option;
    }

    /// <summary>Adds an option with a value.</summary>
    /// <param name="command">The command.</param>
    /// <param name="name">The option's name.</param>
    /// <param name="description">What it is for; the defaults are appended.</param>
    /// <param name="parse">Parses the value. The message of a <see cref="FormatException"/> follows the option's name.</param>
    /// <param name="usual">The default as text.</param>
    /// <param name="quick">The default as text if the flag <paramref name="isQuick"/> is set; null for the same.</param>
    /// <param name="isQuick">The flag for quick defaults.</param>
    public static Setting<T> Setting<T>(
        this Command command, string name, string description, Func<string, T> parse, string usual = "", string? quick = null, Option<bool>? isQuick = null)
    {
        var option = new Option<string?>(name)
        {
            Description = description + (usual == "" ? "" : quick is null ? $" (default {usual})" : $" (default {usual}; {isQuick!.Name}: {quick})"),
        };
        option.Validators.Add(result =>
        {
            try
            {
                _ = parse(result.GetValueOrDefault<string?>() is { Length: > 0 } text ? text : throw new FormatException("needs a value."));
            }
            catch (FormatException exception)
            {
                result.AddError($"{name} {exception.Message}");
            }
        });
        command.Options.Add(option);
        return new Setting<T>(option, parse, parsed => quick is not null && parsed.GetValue(isQuick!) ? quick : usual);
    }

    public static string Text(string text) => text;

    public static string? TextOrNull(string text) => text is "" ? null : text;

    public static Func<string, IReadOnlyList<T>> ListOf<T>(Func<string, T> parse) =>
        text => [.. text.Split(',', StringSplitOptions.TrimEntries).Select(parse).Distinct()];

    public static Func<string, string> OneOf(IReadOnlyCollection<string> known) => text =>
        known.FirstOrDefault(name => name.Equals(text, StringComparison.OrdinalIgnoreCase)) ?? throw new FormatException($"does not know '{text}'. Known: {string.Join(", ", known)}.");

    public static Func<string, int> Whole(int min, int max) => text =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? number
            : throw new FormatException($"takes whole numbers from {min} to {max}, not '{text}'.");

    public static Func<string, double> SecondsFrom(double min) => text =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number >= min && number <= 3_600
            ? number
            : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"takes seconds from {min} to 3600, not '{text}'."));

    /// <summary>Parses a number that may end with k or m.</summary>
    /// <param name="kilo">The factor for k; m is its square.</param>
    /// <param name="min">The smallest number allowed.</param>
    /// <param name="max">The largest number allowed.</param>
    public static Func<string, long> Size(int kilo, long min, long max) => text =>
    {
        var unit = text.Length == 0 ? 1 : char.ToLowerInvariant(text[^1]) switch { 'k' => kilo, 'm' => kilo * kilo, _ => 1 };
        return int.TryParse(unit == 1 ? text : text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && (long)number * unit is var size && size >= min && size <= max
            ? size
            : throw new FormatException($"takes numbers from {min} to {max}, such as 10k or 1m, not '{text}'.");
    };
}

/// <summary>An option with a value.</summary>
public sealed class Setting<T>(Option<string?> option, Func<string, T> parse, Func<ParseResult, string> usual)
{
    public T Of(ParseResult parsed) => parse(parsed.GetValue(option) ?? usual(parsed));
}

/// <summary>Reports progress on the error stream: in a terminal on one line that is overwritten, elsewhere on a new line each time.</summary>
/// <param name="atMostEvery">The shortest time between two new lines.</param>
public sealed class Progress(TimeSpan atMostEvery = default) : IDisposable
{
    private readonly bool _inPlace = !Console.IsErrorRedirected;
    private readonly long _begun = Stopwatch.GetTimestamp();
    private long _last;
    private int _length;

    public void Say(string text)
    {
        var line = string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(_begun):hh\\:mm\\:ss}  {text}");
        if (_inPlace)
        {
            Console.Error.Write($"\r{line.PadRight(_length)}");
            _length = line.Length;
        }
        else if (_last == 0 || Stopwatch.GetElapsedTime(_last) >= atMostEvery)
        {
            Console.Error.WriteLine(line);
            _last = Stopwatch.GetTimestamp();
        }
    }

    public void Dispose()
    {
        if (_length > 0)
        {
            Console.Error.Write($"\r{new string(' ', _length)}\r");
        }
    }
}
