using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace SmartCache.QuickStart.Tests;

/// <summary>How the pages look, on a desk and on a phone, in light and in dark.</summary>
public sealed class PictureTests
{
    /// <summary>Where the pictures of the documentation go; without it, they are kept with the results of the tests.</summary>
    private static readonly string Folder = Environment.GetEnvironmentVariable("SMARTCACHE_PICTURES") is { Length: > 0 } folder
        ? folder
        : Path.Combine(TestContext.CurrentContext.WorkDirectory, "pictures");

    [TestCase("desk", 1100, ColorScheme.Light)]
    [TestCase("desk-dark", 1100, ColorScheme.Dark)]
    [TestCase("phone", 360, ColorScheme.Light)]
    [TestCase("phone-dark", 360, ColorScheme.Dark)]
    [Category("Pictures")]
    public async Task Pages_fit_the_screen_and_can_be_read_by_all(string screen, int width, ColorScheme scheme)
    {
        await using var site = await Site.StartAsync();
        await using var device = await Device.OpenAsync(site, new()
        {
            ViewportSize = new() { Width = width, Height = 720 },
            ColorScheme = scheme,
            DeviceScaleFactor = 2,
        });
        await using var other = await Device.OpenAsync(site);
        await other.SignInAsync("you");
        await CheckAsync((await device.OpenTabAsync()).Page, "sign-in");
        var tab = await device.SignInAsync("you");
        foreach (var product in new[] { "Notebook", "Notebook", "Lamp" })
            await tab.AddAsync(product);

        await tab.PressAsync("Count");
        await CheckAsync(tab.Page, "shop");
        await tab.GoAsync("/Devices");
        await CheckAsync(tab.Page, "devices");

        async Task CheckAsync(IPage page, string name)
        {
            // The ring around the button that was used is right for a user, and odd in a picture.
            await page.EvaluateAsync("document.activeElement.blur()");
            await page.ScreenshotAsync(new() { Path = Path.Combine(Folder, $"quick-start-{name}-{screen}.png"), FullPage = true });
            Assert.That(await page.EvaluateAsync<int>("document.documentElement.scrollWidth"), Is.LessThanOrEqualTo(width), name);
            Assert.That((await page.RunAxe()).Violations.Select(static violation => $"{violation.Id}: {violation.Nodes[0].Html}"), Is.Empty, name);
        }
    }
}
