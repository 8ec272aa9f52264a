using SmartCache.Benchmarks.Load;

namespace SmartCache.Benchmarks.Measuring;

/// <summary>What a request allocates that asks its cache for nothing: part of everyone's figure.</summary>
internal static class FrameCost
{
    private const int Requests = 10_000;

    public static async Task<double> MeasureAsync()
    {
        await RunAsync();
        var before = GC.GetTotalAllocatedBytes(precise: true);
        await RunAsync();
        return (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Requests;
    }

    private static async Task RunAsync()
    {
        for (var i = 0; i < Requests; i++)
        {
            await RequestAsync();
        }
    }

    private static Task RequestAsync()
    {
        var frame = new RequestFrame();
        frame.Enter();
        frame.BeginCommit();
        RequestFrame.Leave();
        return Task.CompletedTask;
    }
}
