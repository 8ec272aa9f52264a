using System.Text.Json.Serialization;
using SmartCache.Benchmarks.Growth.Lookups;
using SmartCache.Benchmarks.Growth.Sweeping;
using SmartCache.Benchmarks.Growth.Tables;

namespace SmartCache.Benchmarks.Growth.Reports;

/// <summary>All that was measured on one engine.</summary>
/// <param name="Engine">Its name on the command line.</param>
/// <param name="Description">The engine and its version.</param>
/// <param name="ServerArguments">How the server was started.</param>
/// <param name="HowCounted">What the columns of counts mean here.</param>
/// <param name="Concurrency">Operations at a time.</param>
/// <param name="Layouts">The kinds of keys.</param>
/// <param name="Sizes">The tables.</param>
/// <param name="Lookups">Single rows.</param>
/// <param name="Sweep">The removal of expired rows; null if left out.</param>
internal sealed record GrowthResult(
    string Engine,
    string Description,
    IReadOnlyList<string> ServerArguments,
    string HowCounted,
    int Concurrency,
    [property: JsonIgnore] IReadOnlyList<Layout> Layouts,
    IReadOnlyList<TableSize> Sizes,
    IReadOnlyList<LookupResult> Lookups,
    SweepResult? Sweep);
