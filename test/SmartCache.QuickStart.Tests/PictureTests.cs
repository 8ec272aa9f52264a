using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace SmartCache.QuickStart.Tests;

/// <summary>How the pages look, on a desk and on a phone, in light and in dark.</summary>
[Category("Pictures")]
public sealed class PictureTests
{
    private const int Desk = 1100;

    private const string Overflowing =
        """
        [...document.querySelectorAll('.panel button, .panel span')]
          .filter(one => one.getBoundingClientRect().right > one.closest('.panel').getBoundingClientRect().right)
          .map(one => one.outerHTML)
        """;

    /// <summary>The folder for the pictures that the documentation shows. All others are kept beside the tests.</summary>
    private static readonly string? Documentation = Environment.GetEnvironmentVariable("SMARTCACHE_PICTURES") is { Length: > 0 } folder ? folder : null;

    private static readonly (string Name, int Width, ColorScheme Scheme)[] Screens =
    [
        ("", Desk, ColorScheme.Light),
        ("-dark", Desk, ColorScheme.Dark),
        ("-phone", 360, ColorScheme.Light),
    ];

    [Test]
    public async Task Pages_fit_the_screen_and_can_be_read_by_all()
    {
        await using var site = await Site.StartAsync();
        await using var device = await Device.OpenAsync(site, new() { DeviceScaleFactor = Documentation is null ? 1 : 1.5f });
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
    }

    private static async Task CheckAsync(IPage page, string name)
    {
        foreach (var screen in Screens)
        {
            await page.SetViewportSizeAsync(screen.Width, 680);
            await page.EmulateMediaAsync(new() { ColorScheme = screen.Scheme });

            // The ring around the button that was used is right for a user, and odd in a picture.
            await page.EvaluateAsync("document.activeElement.blur()");
            var folder = Documentation is not null && screen.Name == "" && name != "sign-in" ? Documentation : Path.Combine(TestContext.CurrentContext.WorkDirectory, "pictures");
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"quick-start-{name}{screen.Name}.png"), FullPage = true });
            Assert.That(await page.EvaluateAsync<int>("document.documentElement.scrollWidth"), Is.LessThanOrEqualTo(screen.Width), screen.Name);
            Assert.That(await page.EvaluateAsync<string[]>(Overflowing), Is.Empty, screen.Name);
        }

        // The same elements are on all screens, and the dark ones have other colors.
        await page.SetViewportSizeAsync(Desk, 680);
        await CheckAccessAsync(page, name, ColorScheme.Light, options: null);
        await CheckAccessAsync(page, name, ColorScheme.Dark, new AxeRunOptions { RunOnly = RunOnlyOptions.Rules("color-contrast") });
    }

    private static async Task CheckAccessAsync(IPage page, string name, ColorScheme scheme, AxeRunOptions? options)
    {
        await page.EmulateMediaAsync(new() { ColorScheme = scheme });
        var result = await page.RunAxe(options);
        Assert.That(result.Violations.Select(static violation => $"{violation.Id}: {violation.Nodes[0].Html}"), Is.Empty, $"{name}, {scheme}");
        Assert.That(result.Passes, Is.Not.Empty);
    }
}
