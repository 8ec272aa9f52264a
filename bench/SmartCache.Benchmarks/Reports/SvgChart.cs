using System.Globalization;
using System.Text;

namespace SmartCache.Benchmarks;

/// <summary>
/// Bars from the floor's rate to each contender's, to the right if it is faster. The scale is logarithmic, to show both a
/// request that needs no statement and one that needs five.
/// </summary>
internal static class SvgChart
{
    private const int Width = 760;
    private const int Left = 110;
    private const int Right = 70;
    private const int Top = 56;
    private const int BarHeight = 14;
    private const int Gap = 12;
    private const int UsualConcurrency = 8;

    private static readonly double[] Grid = [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100];

    /// <summary>The chart; null if nothing can be compared with a floor.</summary>
    public static string? Of(EngineResult engine)
    {
        var cell = engine.Cells.OrderBy(result => Math.Abs(result.Cell.Concurrency - UsualConcurrency)).First().Cell;
        var results = engine.Cells
            .Where(result => result.Cell.Payload == cell.Payload && result.Cell.Concurrency == cell.Concurrency)
            .Where(result => result.Contender != ContenderName.Floor && result.OfFloor is not null)
            .ToList();
        return results.Count == 0 ? null : Draw($"{engine.Description}: {Figures.Whole(cell.Payload)} bytes, {cell.Concurrency} requests at a time", results);
    }

    private static string Draw(string title, List<CellResult> results)
    {
        var grid = Grid.Where(line => line >= results.Min(result => result.OfFloor!.Value) / 3.4 && line <= results.Max(result => result.OfFloor!.Value) * 3.4).ToList();
        var (lowest, highest) = (Math.Min(0.3, grid[0]), Math.Max(3, grid[^1]));
        var bars = new StringBuilder();
        var y = Top + Gap;
        foreach (var kind in results.GroupBy(result => result.Cell.Kind))
        {
            bars.Append(CultureInfo.InvariantCulture, $"""<text class="kind" x="{Left - 10}" y="{y + (kind.Count() * BarHeight / 2) + 4}">{RequestKinds.NameOf(kind.Key)}</text>""").Append('\n');
            foreach (var result in kind)
            {
                bars.Append(Bar(result, y, X)).Append('\n');
                y += BarHeight;
            }

            y += Gap;
        }

        var lines = string.Join('\n', grid.Select(line => string.Create(
            CultureInfo.InvariantCulture,
            $"""<line class="{(line == 1 ? "floor" : "grid")}" x1="{X(line):0.#}" x2="{X(line):0.#}" y1="{Top}" y2="{y}"/><text class="axis" x="{X(line):0.#}" y="{Top - 6}">{(line == 1 ? "floor" : $"× {line}")}</text>""")));
        string[] kinds = [.. results.Select(result => result.Contender.Split(' ')[0]).Distinct()];
        var legend = string.Join('\n', kinds.Select((kind, i) => (Kind: kind, X: Width - (100 * (kinds.Length - i)))).Select(entry =>
            $"""<rect class="{entry.Kind}" x="{entry.X}" y="26" width="12" height="12"/><text x="{entry.X + 17}" y="36">{entry.Kind}</text>"""));
        return string.Create(
            CultureInfo.InvariantCulture,
            $$"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {{Width}} {{y + 10}}" width="{{Width}}" height="{{y + 10}}" role="img" aria-label="Requests per second relative to the floor">
            <style>
            text { font: 12px system-ui, sans-serif; fill: #1f2328 } .title { font-weight: 600 } .kind { text-anchor: end } .axis { text-anchor: middle; fill: #59636e }
            .grid { stroke: #d1d9e0 } .floor { stroke: #59636e; stroke-width: 1.5 } .smartcache { fill: #0969da } .baseline { fill: #bc4c00 } .redis { fill: #8250df } .neosmart { fill: #1a7f37 }
            @media (prefers-color-scheme: dark) { text { fill: #f0f6fc } .axis { fill: #9198a1 } .grid { stroke: #3d444d } .floor { stroke: #9198a1 } .smartcache { fill: #4493f8 } .baseline { fill: #db6d28 } .redis { fill: #ab7df8 } .neosmart { fill: #3fb950 } }
            </style>
            <text class="title" x="10" y="18">{{title}}</text>
            <text x="10" y="36">Requests per second relative to the floor; logarithmic</text>
            {{legend}}
            {{lines}}
            {{bars}}</svg>

            """);

        // A bar beyond the last line ends there. Its number has the value.
        double X(double ofFloor) =>
            Left + 40 + ((Width - Left - Right - 40) * Math.Log(Math.Clamp(ofFloor, lowest, highest) / lowest) / Math.Log(highest / lowest));
    }

    // The name's first word is its class; the settings of SmartCache follow the number.
    private static string Bar(CellResult result, int y, Func<double, double> x)
    {
        var ofFloor = result.OfFloor!.Value;
        var (from, to) = (Math.Min(x(1), x(ofFloor)), Math.Max(x(1), x(ofFloor)));
        var (at, anchor) = ofFloor >= 1 ? (to + 4, "start") : (from - 4, "end");
        var settings = result.Contender.IndexOf(' ') is > 0 and var space ? result.Contender[space..] : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""<rect class="{result.Contender}" x="{from:0.#}" y="{y}" width="{Math.Max(1, to - from):0.#}" height="{BarHeight - 2}"/><text style="text-anchor:{anchor}" x="{at:0.#}" y="{y + 10}">{ofFloor.ToString(ofFloor < 0.01 ? "0.0000" : "0.##", CultureInfo.InvariantCulture)}{settings}</text>""");
    }
}
