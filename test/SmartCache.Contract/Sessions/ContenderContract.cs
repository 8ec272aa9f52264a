namespace SmartCache.Contract.Sessions;

/// <summary>Requests that really run at the same time, on several nodes: nothing acknowledged is lost, and all of them come to an end.</summary>
[SessionVariants(differ: true)]
public abstract class ContenderContract<TEngine>(CallStyle style, ConcurrencyMode mode) : SessionContract<TEngine>(style, mode)
    where TEngine : TestEngine, new()
{
    private const int Requests = 6;
    private const int Stores = 10;

    [Test]
    public async Task Requests_that_run_at_once_lose_none_of_each_others_entries()
    {
        var nodes = new[] { Node, NewNode() };
        await SaveAsync(("base", "0"));
        await TogetherAsync(Requests, number => SaveRepeatedlyAsync(nodes[number % 2], number));

        var expected = from request in Enumerable.Range(0, Requests)
                       from store in Enumerable.Range(0, Stores)
                       select ($"entry {request}.{store}", $"{store}");
        Assert.That(SessionBytes.Entries(Table.Row(Key).Value), Is.EquivalentTo(expected.Append(("base", "0"))));
    }

    [Test]
    public async Task Requests_that_begin_a_session_at_once_begin_one_between_them()
    {
        var nodes = new[] { Node, NewNode() };
        for (var round = 0; round < 10; round++)
        {
            var key = SimulatedRequest.NewKey();
            await TogetherAsync(Requests, number => SimulatedRequest.SaveAsync(nodes[number % 2], key, $"{number}"));

            Assert.That(SessionBytes.Entries(Table.Row(key).Value).Select(entry => entry.Name).Order(), Is.EqualTo(new[] { "0", "1", "2", "3", "4", "5" }));
        }
    }

    private async Task SaveRepeatedlyAsync(Node node, int number)
    {
        for (var store = 0; store < Stores; store++)
            await SimulatedRequest.SaveAsync(node, Key, $"entry {number}.{store}", $"{store}");
    }
}
