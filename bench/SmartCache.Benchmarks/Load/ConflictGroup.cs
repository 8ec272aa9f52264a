using System.Diagnostics;
using SmartCache.Benchmarks.Contenders;
using SmartCache.Benchmarks.Sessions;

namespace SmartCache.Benchmarks.Load;

/// <summary>Eight requests of one session: all load it, and only then each stores an entry of its own.</summary>
internal sealed class ConflictGroup(Contender contender, Population population, Ledger ledger)
{
    public const int Size = SamplePayload.StampedEntries;

    /// <param name="visitor">Whose session it is, and who records how long each request took, waiting for the others not counted.</param>
    /// <param name="atOnce">Whether the requests run side by side, or take turns.</param>
    public async Task RunAsync(Visitor visitor, bool atOnce)
    {
        var session = visitor.NextSession();
        var stamp = Ledger.NextStamp();
        var frames = new RequestFrame[Size];
        var loaded = new byte[Size][];
        var times = new long[Size];

        await EachAsync(async i =>
        {
            loaded[i] = await contender.LoadAsync(population.Keys[session], visitor.Token)
                ?? throw new InvalidOperationException("A session that was stored was not found.");
        });
        await EachAsync(async i =>
        {
            var mine = population.Payload.With(loaded[i], entry: i, stamp);
            frames[i].BeginCommit();
            await contender.StoreAsync(population.Keys[session], mine, isNew: false, visitor.Token);
        });

        ledger.Store(session, stamp);
        foreach (var time in times)
        {
            visitor.Latencies.Add(time);
        }

        async Task EachAsync(Func<int, Task> step)
        {
            if (atOnce)
            {
                await Task.WhenAll(Enumerable.Range(0, Size).Select(i => Task.Run(() => TimedAsync(i, step))));
                return;
            }

            for (var i = 0; i < Size; i++)
            {
                await TimedAsync(i, step);
            }
        }

        async Task TimedAsync(int i, Func<int, Task> step)
        {
            var begun = Stopwatch.GetTimestamp();
            (frames[i] ??= new RequestFrame()).Enter();
            try
            {
                await step(i);
            }
            finally
            {
                RequestFrame.Leave();
            }

            times[i] += Stopwatch.GetTimestamp() - begun;
        }
    }
}
