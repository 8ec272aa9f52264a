using FirebirdSql.Data.FirebirdClient;

namespace SmartCache.Firebird.Tests;

/// <summary>The driver ignores what it does not know, so the provider looks at a connection string itself.</summary>
public sealed class ConnectionStringTests
{
    private const string Good = "DataSource=localhost;Database=shop;User=shop;Password=sesame";

    [TestCase(Good)]
    [TestCase("Server=localhost;Port=3051;Initial Catalog=shop;User Id=shop;Password=sesame;Character Set=UTF8;Max Pool Size=50;Connection Timeout=5")]
    [TestCase("host=localhost;database=shop;username=shop;userpassword=sesame;charset=UTF8;maxpoolsize=50;wire crypt=Required;wire compression=true")]
    [TestCase("Database=inet://localhost:3050/shop;User=shop;Password=sesame")]
    public void A_connection_string_of_the_driver_is_taken(string connectionString) => Assert.That(() => Build(connectionString), Throws.Nothing);

    [TestCase(Good + ";Sesame=open")]
    [TestCase(Good + ";Port=many")]
    [TestCase(Good + ";Pooling=perhaps")]
    [TestCase("DataSource=localhost;User=shop;Password=sesame")]
    [TestCase("sesame")]
    public void Any_other_is_refused_by_option_and_not_shown(string connectionString) => Assert.That(
        () => Build(connectionString),
        Throws.TypeOf<OptionsValidationException>().With.Message.Contains("SmartFirebirdCacheOptions.ConnectionString ").And.Message.Not.Contains("sesame"));

    [Test]
    public void A_data_source_of_the_app_needs_snapshots_and_row_counts()
    {
        Assert.That(() => Build(Good, ""), Throws.TypeOf<OptionsValidationException>().With.Message.Contains("SmartFirebirdCacheOptions.DataSource needs IsolationLevel=Snapshot"));
        Assert.That(() => Build(Good, ";IsolationLevel=Snapshot;Records Affected=false"), Throws.TypeOf<OptionsValidationException>().With.Message.Contains("Records Affected=true"));
        Assert.That(() => Build(Good, ";IsolationLevel=Snapshot"), Throws.Nothing);
    }

    private static void Build(string connectionString) => Build(options => options.ConnectionString = connectionString);

    private static void Build(string connectionString, string more)
    {
        using var source = FirebirdClientFactory.Instance.CreateDataSource(connectionString + more);
        Build(options => options.DataSource = source);
    }

    private static void Build(Action<SmartFirebirdCacheOptions> configure)
    {
        using var services = new ServiceCollection().AddSmartFirebirdCache(configure).BuildServiceProvider();
        services.GetRequiredService<IDistributedCache>();
    }
}
