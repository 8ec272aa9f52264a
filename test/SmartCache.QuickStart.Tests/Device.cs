using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace SmartCache.QuickStart.Tests;

/// <summary>A device of a user: a browser with cookies of its own.</summary>
internal sealed class Device : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly Site _site;

    private Device(IBrowserContext context, Site site) => (_context, _site) = (context, site);

    /// <summary>What browser and server reported as wrong.</summary>
    public ConcurrentQueue<string> Complaints { get; } = [];

    public static async Task<Device> OpenAsync(Site site, BrowserNewContextOptions? options = null)
    {
        var context = await Browser.Chromium.NewContextAsync(options);
        var device = new Device(context, site);
        context.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                device.Complaints.Enqueue($"{message.Type}: {message.Text}");
        };
        context.WebError += (_, error) => device.Complaints.Enqueue(error.Error);
        context.Response += (_, response) =>
        {
            if (response.Status >= 400)
                device.Complaints.Enqueue($"{response.Status} {response.Url}");
        };
        return device;
    }

    public async Task<Tab> OpenTabAsync(string path = "/")
    {
        var page = await _context.NewPageAsync();
        await page.GotoAsync(_site.Url + path);
        return new Tab(page, _site);
    }

    public async Task<Tab> SignInAsync(string name)
    {
        var tab = await OpenTabAsync();
        await tab.Page.GetByLabel("Your name").FillAsync(name);
        await tab.PressAsync("Sign in");
        await Assertions.Expect(tab.Page.GetByText(name, new() { Exact = true })).ToBeVisibleAsync();
        return tab;
    }

    /// <summary>Holds the next requests that post a form, and sends them when there are as many as given.</summary>
    public async Task SendTogetherAsync(int count)
    {
        var complete = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var waiting = 0;
        await _context.UnrouteAllAsync();
        await _context.RouteAsync("**", async route =>
        {
            if (route.Request.Method == "POST" && Interlocked.Increment(ref waiting) <= count)
            {
                if (waiting == count)
                    complete.SetResult();

                await complete.Task;
            }

            await route.ContinueAsync();
        });
    }

    public ValueTask DisposeAsync() => _context.DisposeAsync();
}

/// <summary>A tab that shows a page of the sample.</summary>
internal sealed class Tab(IPage page, Site site)
{
    public IPage Page => page;

    public ILocator Clicks => page.Locator("[data-count=clicks]");

    /// <summary>Presses a button, and waits for the page that follows.</summary>
    public async Task PressAsync(string button)
    {
        // The click itself waits for nothing but the begin of the navigation.
        var answered = page.WaitForResponseAsync(static response => response.Request is { IsNavigationRequest: true, Method: "GET" }, new() { Timeout = 20_000 });
        await page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();
        await (await answered).FinishedAsync();
        await page.WaitForLoadStateAsync();
    }

    public Task GoAsync(string path) => page.GotoAsync(site.Url + path);

    public Task AddAsync(string product) => PressAsync($"Add {product} to the cart");

    /// <summary>The user's sign-ins (Ticket) or sessions (Session) on the page of devices.</summary>
    public ILocator Devices(string kind) => page.Locator($"[data-device={kind}]");

    public async Task EndOtherAsync(string kind)
    {
        await Devices(kind).Filter(new() { HasNotText = "This browser" }).GetByRole(AriaRole.Button).ClickAsync();
        await Assertions.Expect(page.GetByText("The browser is signed out.")).ToBeVisibleAsync();
    }

    public ILocator InCart(string item) => page.Locator($"[data-item={item}] .count");

    public Task ExpectSignedOutAsync() => Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
}
