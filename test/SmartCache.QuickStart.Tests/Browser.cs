using Microsoft.Playwright;
using SmartCache.Engines;

namespace SmartCache.QuickStart.Tests;

/// <summary>Debian's Chromium, started once for all tests. Playwright's own browsers are not needed.</summary>
[SetUpFixture]
internal sealed class Browser
{
    private static IPlaywright? _playwright;
    private static IBrowser? _browser;

    public static IBrowser Chromium => _browser!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        var program = await ClientProgram.FindAsync("chromium", "chromium fonts-dejavu-core");
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = program });
        Assertions.SetDefaultExpectTimeout(20_000);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();

        _playwright?.Dispose();
    }
}
