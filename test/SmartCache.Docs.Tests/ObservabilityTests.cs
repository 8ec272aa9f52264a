using System.Diagnostics.Metrics;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace SmartCache.Docs.Tests;

/// <summary>The operations page lists what the cache really publishes and logs.</summary>
public sealed partial class ObservabilityTests
{
    private static readonly string[] TagsOfAll = ["smartcache.cache.name", "db.system.name"];

    private static string Text => Repository.Text("docs/operations.md");

    /// <summary>The metrics as the page lists them: a name with its kind, unit and further tags.</summary>
    private static List<(string Name, string Kind, string Unit, List<string> Tags)> Listed =>
        [.. MetricRow().Matches(Text).Select(static row => (
            row.Groups["name"].Value,
            row.Groups["kind"].Value,
            row.Groups["unit"].Value,
            Quoted().Matches(row.Groups["tags"].Value).Select(static tag => tag.Groups[1].Value).ToList()))];

    [Test]
    public async Task The_metrics_of_the_page_are_those_of_the_meter()
    {
        var published = new List<string>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, _) => AddTo(published, instrument) };
        listener.Start();
        await using var services = Register().BuildServiceProvider();
        await services.GetRequiredService<IDistributedCache>().GetAsync("key");

        Assert.That(
            published.Distinct(),
            Is.EquivalentTo(Listed.Select(static metric => $"{metric.Name} | {metric.Kind} | {metric.Unit}")));
    }

    [Test]
    public async Task Measurements_have_the_tags_of_the_page()
    {
        var found = new Dictionary<string, HashSet<string>>();
        using var listener = new MeterListener
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Meter.Name == "SmartCache")
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<int>((instrument, _, tags, _) => Note(instrument, tags));
        listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Note(instrument, tags));
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Note(instrument, tags));
        listener.Start();
        await using (var services = Register().BuildServiceProvider())
        {
            var cache = services.GetRequiredService<IDistributedCache>();
            await cache.SetAsync("key", [1]);
            await cache.GetAsync("key");
            Assert.That(() => cache.SetAsync("key", new byte[2_000]), Throws.TypeOf<CacheValueTooLargeException>());
            listener.RecordObservableInstruments();
        }

        Assert.That(found, Has.Count.GreaterThan(7));
        foreach (var (name, tags) in found)
            Assert.That(tags.Except(TagsOfAll), Is.SubsetOf(Listed.Single(metric => metric.Name == name).Tags), name);

        Assert.That(found.Values, Has.All.SupersetOf(TagsOfAll));

        void Note(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            lock (found)
            {
                if (!found.TryGetValue(instrument.Name, out var names))
                    found.Add(instrument.Name, names = []);

                foreach (var tag in tags)
                    names.Add(tag.Key);
            }
        }
    }

    [Test]
    public void The_event_ids_of_the_page_are_those_of_the_log()
    {
        var logged = typeof(SmartCacheOptions).Assembly.GetTypes()
            .SelectMany(static type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Select(static method => method.GetCustomAttribute<LoggerMessageAttribute>())
            .OfType<LoggerMessageAttribute>()
            .ToList();
        var troubleshooting = Repository.Text("docs/troubleshooting.md");

        Assert.That(
            EventRow().Matches(Text).Select(static row => $"{row.Groups["id"]} {row.Groups["level"]}"),
            Is.EquivalentTo(logged.Select(static message => $"{message.EventId} {message.Level}")));
        Assert.That(logged.Where(message => !troubleshooting.Contains($"| {message.EventId}, {message.Level} | `{message.Message}` |", StringComparison.Ordinal)), Is.Empty);
    }

    private static IServiceCollection Register() => new ServiceCollection().AddSmartSqliteCache(static options =>
    {
        options.ConnectionString = "Data Source=operations;Mode=Memory;Cache=Shared";
        options.CircuitBreakDuration = TimeSpan.FromSeconds(1);
        options.MaxValueSize = 1_000;
    });

    private static void AddTo(List<string> published, Instrument instrument)
    {
        if (instrument.Meter.Name == "SmartCache")
            published.Add($"{instrument.Name} | {Kind(instrument)} | {instrument.Unit}");
    }

    private static string Kind(Instrument instrument) => instrument.GetType().Name.Split('`')[0] switch
    {
        "Histogram" => "histogram",
        "Counter" => "counter",
        "ObservableUpDownCounter" => "up-down counter",
        "ObservableGauge" => "gauge",
        var other => other,
    };

    [GeneratedRegex(@"^\| `(?<name>[a-z_.]+)` \| (?<kind>[a-z-]+( counter)?), `(?<unit>[^`]+)` \|(?<tags>[^|]*)\|", RegexOptions.Multiline)]
    private static partial Regex MetricRow();

    [GeneratedRegex(@"^\| (?<id>\d+) \| (?<level>[A-Z][a-z]+) \|", RegexOptions.Multiline)]
    private static partial Regex EventRow();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();
}
