namespace SmartCache.Contract.Counters;

/// <summary>Requests that count up an entry of a session, on several nodes at once.</summary>
internal static class Counting
{
    public const string Entry = "hits";
    public const int AtOnce = 8;


    public static async Task<int?> ReadAsync(Node node, string key)
    {
        var request = new SimulatedRequest(node, key);
        var hits = (await request.LoadAsync()).GetInt32(Entry);
        await request.EndAsync();
        return hits;
    }

    /// <summary>Eight callers count up by one, each so many times.</summary>
    /// <returns>How many counts were refused because nobody could tell any more whether they had landed.</returns>
    public static async Task<int> CountUpAsync(IReadOnlyList<Node> nodes, string key, int times)
    {
        var refused = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(caller => Task.Run(async () =>
        {
            var count = 0;
            for (var i = 0; i < times; i++)
                count += await TryCountUpAsync(nodes[caller % nodes.Count], key) ? 0 : 1;

            return count;
        })));
        return refused.Sum();
    }

    /// <summary>Counts up while writes fail, some of them after they were made. Every count is there in the end, or was refused.</summary>
    public static async Task CountInDoubtAsync(IReadOnlyList<Node> nodes, string key, UnreliableSource connections)
    {
        const int times = 30;
        connections.IsBroken = true;

        var refused = await CountUpAsync(nodes, key, times);

        Assert.That(await ReadAsync(nodes[1], key), Is.InRange((AtOnce * times) - refused, AtOnce * times));
        // It takes more than 64 writes while one caller does nothing: rare, even where callers block the few threads there are.
        Assert.That(refused, Is.LessThan(24));
        Assert.That(connections.DoneAllTheSame, Is.GreaterThan(10));
    }

    /// <summary>Counts up by one, and repeats what fails.</summary>
    private static async Task<bool> TryCountUpAsync(Node node, string key)
    {
        var request = await LoadedAsync(node, key);
        request.Session.SetInt32(Entry, (request.Session.GetInt32(Entry) ?? 0) + 1);
        try
        {
            // The write may have landed or not: the same request asks again.
            for (var tries = 0; !await IsDoneAsync(request.CommitAsync(CancellationToken.None)); tries++)
                Assert.That(tries, Is.LessThan(1_000), "the database works now and then");
        }
        catch (SessionMergeException)
        {
            return false;
        }

        await request.EndAsync();
        return true;
    }

    private static async Task<SimulatedRequest> LoadedAsync(Node node, string key)
    {
        for (var tries = 0; ; tries++)
        {
            Assert.That(tries, Is.LessThan(1_000), "the database works now and then");
            var request = new SimulatedRequest(node, key);
            if (await IsDoneAsync(request.LoadAsync()))
                return request;
        }
    }

    private static async Task<bool> IsDoneAsync(Task task)
    {
        try
        {
            await task;
            return true;
        }
        catch (Exception exception) when (exception is InjectedFaultException or DbException or IOException or InvalidOperationException)
        {
            return false;
        }
    }
}
