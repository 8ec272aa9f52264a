namespace SmartCache.Sqlite.Tests;

public sealed class TwoProcessTests : FileFixture
{
    private const int Rounds = 150;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Test]
    public async Task Two_processes_that_save_at_the_same_time_lose_none_of_each_others_entries()
    {
        var key = SimulatedRequest.NewKey();
        using var other = NodeProgram.Start("race", Engine, Engine.ConnectionString, TableName, key, "theirs");
        var errors = other.StandardError.ReadToEndAsync();
        var racer = new Racer(NewNode(), key, "mine");
        var loaded = new List<(int Mine, int Theirs)>();
        try
        {
            for (var round = 0; round < Rounds; round++)
            {
                await other.StandardInput.WriteLineAsync();
                var (mine, request) = await racer.LoadAsync();
                loaded.Add((mine, int.Parse(await AnswerAsync(), CultureInfo.InvariantCulture)));
                await other.StandardInput.WriteLineAsync();
                await request.EndAsync();
                await AnswerAsync();
            }

            other.StandardInput.Close();
            await other.WaitForExitAsync().WaitAsync(Patience);
        }
        finally
        {
            other.Kill();
        }

        Assert.That(other.ExitCode, Is.Zero);
        Assert.That(
            loaded,
            Is.EqualTo(Enumerable.Range(0, Rounds).Select(round => (2 * round, 2 * round))),
            "in each round both had loaded the session before either saved it");
        var expected = Enumerable.Range(0, Rounds).SelectMany(round => new[] { ($"theirs{round}", $"{round}"), ($"mine{round}", $"{round}") });
        Assert.That(SessionBytes.Entries(new RawTable(Engine, TableName).Row(key).Value), Is.EquivalentTo(expected));

        async Task<string> AnswerAsync() => await other.StandardOutput.ReadLineAsync().WaitAsync(Patience)
            ?? throw new InvalidOperationException($"The other process has ended: {await errors}");
    }
}
