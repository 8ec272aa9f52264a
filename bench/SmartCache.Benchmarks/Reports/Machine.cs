using System.Globalization;
using System.Runtime;
using System.Runtime.InteropServices;

namespace SmartCache.Benchmarks.Reports;

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
