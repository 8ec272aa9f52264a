namespace SmartCache.Contract.Requests;

/// <summary>Sets an entry of its own in a session in each round, in two steps, so that others can do the same between them.</summary>
public sealed class Racer(Node node, string key, string prefix)
{
    private int _round;

    /// <summary>Sets an entry, and gives how many the session had.</summary>
    public async Task<(int Entries, SimulatedRequest Request)> LoadAsync()
    {
        var request = new SimulatedRequest(node, key);
        var entries = (await request.LoadAsync()).Keys.Count();
        await request.SetAsync($"{prefix}{_round}", $"{_round++}");
        return (entries, request);
    }

    /// <summary>Does a step for each line it is told, and answers with the number of entries it loaded, and with an empty line when it has saved.</summary>
    public async Task ObeyAsync(TextReader orders, TextWriter answers)
    {
        while (await orders.ReadLineAsync() is not null)
        {
            var (entries, request) = await LoadAsync();
            await answers.WriteLineAsync(entries.ToString(CultureInfo.InvariantCulture));
            await orders.ReadLineAsync();
            await request.EndAsync();
            await answers.WriteLineAsync();
        }
    }
}
