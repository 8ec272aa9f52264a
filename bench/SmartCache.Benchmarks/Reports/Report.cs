using System.CommandLine;
using System.Globalization;
using System.Runtime;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using SmartCache.Engines;
using static SmartCache.Engines.ConsoleApp;

namespace SmartCache.Benchmarks;

/// <summary>The results of a run: tables for people, and JSON with every round for programs.</summary>
internal sealed class Report<TResult>(string name, IReadOnlyList<string> commandLine, Func<TResult, bool, string> text)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };

    public Machine Machine { get; } = Machine.Current();
    public IReadOnlyList<string> CommandLine { get; } = commandLine;

    /// <summary>What a request allocates without its cache; null where requests are not measured.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? FrameBytes { get; init; }
    public List<TResult> Engines { get; } = [];

    /// <summary>Measures one engine after the other, and writes the report after each.</summary>
    /// <exception cref="UsageException">The folder cannot be created.</exception>
    public async Task<int> RunAsync(string path, IReadOnlyList<string> engines, Func<string, Progress, Task<TResult>> measureAsync, Action<DirectoryInfo, TResult>? draw = null)
    {
        // First, because a folder that cannot be created must not fail a run after an hour.
        var folder = CreateFolder(path);
        foreach (var engine in engines)
        {
            using (var progress = new Progress())
            {
                progress.Say($"Starting {engine}");
                Engines.Add(await measureAsync(engine, progress));
            }

            Console.WriteLine(text(Engines[^1], false));
            await WriteAsync(folder);
            draw?.Invoke(folder, Engines[^1]);
        }

        Console.WriteLine($"{Frame()}Written to {folder.FullName}.");
        return ExitCode.Done;
    }

    private static DirectoryInfo CreateFolder(string path)
    {
        try
        {
            return Directory.CreateDirectory(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UsageException($"--out cannot be used: {exception.Message}");
        }
    }

    private string Frame() => FrameBytes is { } bytes ? $"A request alone, without its cache, allocates {Figures.Whole(bytes)} B. " : "";

    private async Task WriteAsync(DirectoryInfo folder)
    {
        var markdown = string.Join('\n', Engines.Select(engine => text(engine, true)));
        await File.WriteAllTextAsync(
            Path.Combine(folder.FullName, $"{name}.md"),
            $"""
            `{name} {string.Join(' ', CommandLine)}`

            {Machine}. {Frame()}

            {markdown}
            """);
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, $"{name}.json"), JsonSerializer.Serialize(this, Json));
    }
}

/// <summary>The options of a command that say how long it measures, and where its report goes.</summary>
internal sealed class Timing(Command command, Option<bool> quick, (string Usual, string Quick) seconds, (string Usual, string Quick) warmUp)
{
    public const string DefaultFolder = "artifacts/bench";

    public Setting<double> Seconds { get; } =
        command.Setting("--seconds", "how long each cell is measured", SecondsFrom(0.1), seconds.Usual, seconds.Quick, quick);

    public Setting<double> WarmUp { get; } = command.Setting("--warmup", "seconds of the same load before", SecondsFrom(0), warmUp.Usual, warmUp.Quick, quick);
    public Setting<int> Rounds { get; } = command.Setting("--rounds", "rounds; the medians are reported", Whole(1, 99), "3", "1", quick);
    public Setting<string> Folder { get; } = command.Setting("--out", "folder for the tables, charts and JSON", Text, DefaultFolder);
}

/// <summary>Where it was measured.</summary>
internal sealed record Machine(int Cores, string Processor, string MemoryGiB, string System, string Runtime, string GarbageCollector, string MeasuredAt)
{
    public static Machine Current() => new(
        Environment.ProcessorCount,
        Line("/proc/cpuinfo", "model name") ?? RuntimeInformation.ProcessArchitecture.ToString(),
        (GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1 << 30)).ToString("0.#", CultureInfo.InvariantCulture),
        Line("/etc/os-release", "PRETTY_NAME")?.Trim('"') ?? RuntimeInformation.OSDescription,
        RuntimeInformation.FrameworkDescription,
        GCSettings.IsServerGC ? "server" : "workstation",
        TimeProvider.System.GetUtcNow().ToString("u", CultureInfo.InvariantCulture));

    public override string ToString() => $"{Cores} cores ({Processor}), {MemoryGiB} GiB, {System}, {Runtime}, {GarbageCollector} GC, {MeasuredAt}";

    private static string? Line(string file, string name) => !File.Exists(file) ? null :
        File.ReadLines(file).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?.Split(':', '=')[^1].Trim();
}
