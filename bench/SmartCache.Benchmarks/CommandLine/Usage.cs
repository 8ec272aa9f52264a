using SmartCache.Benchmarks.Contenders;
using SmartCache.Benchmarks.Engines;
using SmartCache.Benchmarks.Growth;
using SmartCache.Benchmarks.Load;

namespace SmartCache.Benchmarks.CommandLine;

internal static class Usage
{
    public static readonly string Text =
        $"""
        Measures what a session costs.

        Usage: dotnet run -c Release --project bench/SmartCache.Benchmarks -- requests [options]
               dotnet run -c Release --project bench/SmartCache.Benchmarks -- growth [options]
               dotnet run -c Release --project bench/SmartCache.Benchmarks -- parts [options of BenchmarkDotNet]

        requests: whole requests on a database, each as the stock session middleware makes it. A LIST has commas.
          --engine LIST       {KnownEngines.Names} (default {KnownEngines.Default})
          --connection TEXT   connection string of a database that has nothing else to do, for one engine other than
                              {KnownEngines.Default}; without it a server is started for the run
          --contenders LIST   {ContenderNames.All} (default all)
          --requests LIST     {RequestKinds.Names} (default all)
          --payload LIST      sizes of a session: bytes, or with k as in the default {RequestsArguments.DefaultPayloads}
          --sessions N        rows in the table (default {RequestsArguments.DefaultSessions})
          --concurrency LIST  requests at a time (default {RequestsArguments.DefaultConcurrency})
          --seconds N         how long each cell is measured (default {RequestsArguments.DefaultSeconds})
          --warmup N          seconds of the same load before (default {RequestsArguments.DefaultWarmUp})
          --rounds N          rounds; the medians are reported (default {RequestsArguments.DefaultRounds})
          --out FOLDER        where the tables, the chart and the JSON go (default {RequestsArguments.DefaultFolder})
          --quick             another set of defaults, for about a minute an engine: {RequestsArguments.QuickText}
          --help              this text

        growth: single rows of small and large tables by several kinds of keys, and the removal of expired rows. The servers
        are started for the run, with a buffer of up to half of the machine's memory.
          --engine LIST       {GrowthServers.Names} (default {GrowthArguments.DefaultEngine})
          --rows LIST         sizes of the tables (default {GrowthArguments.DefaultRows}); all are there at once
          --sweep N           expired rows to remove from among as many live ones (default {GrowthArguments.DefaultSweep}; 0 leaves it out)
          --concurrency N     operations at a time (default {GrowthArguments.DefaultConcurrency})
          --seconds N         how long each cell is measured (default {GrowthArguments.DefaultSeconds})
          --warmup N          seconds of the same load before (default {GrowthArguments.DefaultWarmUp})
          --rounds N          rounds; the medians are reported (default {GrowthArguments.DefaultRounds})
          --out FOLDER        where the tables and the JSON go (default {RequestsArguments.DefaultFolder})
          --quick             another set of defaults, for about a minute: {GrowthArguments.QuickText}

        parts: payloads, differences, merges, crc and touch queue alone, with BenchmarkDotNet; --filter '*' runs all,
        --quick with few iterations.
        """;
}
