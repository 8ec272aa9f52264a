namespace SmartCache.Simulation;

/// <summary>A seed is worth something only if it gives the same schedule again.</summary>
public sealed class DeterminismTests
{
    [Test]
    public void A_seed_gives_the_same_schedule_step_by_step()
    {
        for (var seed = 1; seed <= 200; seed++)
        {
            var first = RandomSchedule.Explain(seed);
            Assert.That(RandomSchedule.Explain(seed), Is.EqualTo(first));
        }
    }
}
