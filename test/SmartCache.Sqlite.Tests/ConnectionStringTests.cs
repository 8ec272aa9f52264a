namespace SmartCache.Sqlite.Tests;

public sealed class ConnectionStringTests
{
    // Umbraco found out the hard way that shared cache and write-ahead log do not go together.
    [TestCase("Data Source=sessions.db;Cache=Shared", "Cache=Shared")]
    [TestCase("Data Source=file:sessions.db?cache=shared", "Cache=Shared")]
    [TestCase("Data Source=sessions.db;Mode=ReadOnly", "Mode=ReadOnly")]
    [TestCase("Foreign Keys=True", "Data Source")]
    [TestCase("Data Source=sessions.db;Colour=Red", "unknown keyword")]
    [TestCase("nonsense", "Microsoft.Data.Sqlite")]
    public void A_connection_string_that_cannot_work_is_refused_with_the_reason(string connectionString, string reason)
    {
        using var services = new ServiceCollection().AddSmartSqliteCache(connectionString).BuildServiceProvider();

        Assert.That(
            () => services.GetRequiredService<SmartDistributedCache>(),
            Throws.TypeOf<OptionsValidationException>().With.Message.Contains("ConnectionString").And.Message.Contains(reason).IgnoreCase);
    }

    [Test]
    public void A_blank_connection_string_is_refused_at_once() =>
        Assert.That(() => new ServiceCollection().AddSmartSqliteCache(" "), Throws.ArgumentException);

    [Test]
    public void A_way_to_wait_for_the_disk_that_does_not_exist_is_refused()
    {
        using var services = new ServiceCollection()
            .AddSmartSqliteCache(options => (options.ConnectionString, options.Synchronous) = ("Data Source=:memory:", (SqliteSynchronous)0))
            .BuildServiceProvider();

        Assert.That(() => services.GetRequiredService<SmartDistributedCache>(), Throws.TypeOf<OptionsValidationException>().With.Message.Contains("Synchronous"));
    }
}
