using SmartCache.Engines;
using static Microsoft.Playwright.Assertions;

namespace SmartCache.QuickStart.Tests;

/// <summary>How the sample starts: after a kill, on each engine, and with wrong settings.</summary>
public sealed class StartTests
{
    /// <summary>One engine of each family, or the engine that the run names if the sample can use it.</summary>
    private static IEnumerable<string> Engines => Environment.GetEnvironmentVariable("DATABASE") switch
    {
        null or "" => ["sqlite", "postgres", "mariadb"],
        var engine when EngineFamily.Engines.Contains(engine) => [engine],
        _ => ["sqlite"],
    };

    [TestCaseSource(nameof(Engines))]
    public async Task The_cart_and_the_sign_in_outlive_a_kill(string engine)
    {
        await using var database = await Database.StartAsync(engine);
        await using var site = await Site.StartAsync($"--Database={Setting(database.Family)}", $"--ConnectionStrings:SmartCache={database.ConnectionString}");
        await using var device = await Device.OpenAsync(site);
        var tab = await device.SignInAsync("reader");
        await tab.AddAsync("Notebook");
        await tab.AddAsync("Lamp");

        await site.KillAsync();
        await site.StartAsync();
        await tab.GoAsync("/");

        await Expect(tab.InCart("notebook")).ToHaveTextAsync("1");
        await Expect(tab.InCart("lamp")).ToHaveTextAsync("1");
        await tab.GoAsync("/Devices");
        await Expect(tab.Devices("Ticket")).ToHaveCountAsync(1);
        Assert.That(device.Complaints, Is.Empty);
    }

    [TestCase("The setting Database is 'Oracle'. It can be Sqlite, Postgres, MySql or MariaDb.", "--Database=Oracle")]
    [TestCase("The setting ConnectionStrings:SmartCache is missing. The database Postgres needs it", "--Database=Postgres")]
    [TestCase("The setting ConnectionStrings:SmartCache is missing. The database MariaDb needs it", "--Database=MariaDb")]
    [TestCase("Check the settings Database and ConnectionStrings:SmartCache.", "--Database=Postgres", "--ConnectionStrings:SmartCache=Hots=localhost")]
    [TestCase("Check the settings Database and ConnectionStrings:SmartCache.", "--Database=MySql", "--ConnectionStrings:SmartCache=Server=127.0.0.1;Port=1;User ID=shop;Database=shop")]
    [TestCase("Check the settings Database and ConnectionStrings:SmartCache.", "--ConnectionStrings:SmartCache=Data Source=/dev/null/sessions.db")]
    [TestCase("The setting DataFolder cannot be used.", "--DataFolder=/dev/null/data")]
    public async Task A_wrong_setting_is_named(string message, params string[] settings)
    {
        var (exitCode, errors) = await Site.RefuseAsync(settings);

        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(errors, Does.Contain(message));
        Assert.That(errors, Does.Not.Contain("   at "));
    }

    private static string Setting(EngineFamily family) => family.Dialect switch { "postgres" => "Postgres", "mysql" => "MySql", _ => "Sqlite" };
}
