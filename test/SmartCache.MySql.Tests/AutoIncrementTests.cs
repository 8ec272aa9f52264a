namespace SmartCache.MySql.Tests;

public sealed class AutoIncrementTests : EngineContract<AutoIncrementEngine>
{
    [Test]
    public void The_table_has_an_id_that_counts_up() =>
        Assert.That(
            Table.List($"SELECT column_name FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = '{Table.Name}' AND extra = 'auto_increment' AND column_key = 'PRI'"),
            Is.EqualTo(new[] { "id" }));
}
