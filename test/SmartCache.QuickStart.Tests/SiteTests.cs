using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace SmartCache.QuickStart.Tests;

/// <summary>The sample as its users see it, in a browser.</summary>
public sealed class SiteTests
{
    private readonly List<Device> _devices = [];
    private Site _site = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _site = await Site.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await _site.DisposeAsync();

    [TearDown]
    public async Task CloseAsync()
    {
        var complaints = _devices.SelectMany(static device => device.Complaints).ToList();
        foreach (var device in _devices)
            await device.DisposeAsync();

        _devices.Clear();
        Assert.That(complaints, Is.Empty);
    }

    [Test]
    public async Task A_visitor_signs_in_fills_the_cart_and_signs_out()
    {
        var tab = await (await OpenAsync()).SignInAsync("visitor");
        await tab.AddAsync("Mug");
        await tab.AddAsync("Mug");
        await tab.AddAsync("Lamp");
        await Expect(tab.InCart("mug")).ToHaveTextAsync("2");
        await Expect(tab.Page.Locator("[data-count=cart]")).ToHaveTextAsync("3");
        await Expect(tab.Page.Locator(".total .price")).ToHaveTextAsync("€ 77.00");

        await tab.PressAsync("Remove Mug from the cart");
        await Expect(tab.InCart("mug")).ToHaveCountAsync(0);
        await Expect(tab.InCart("lamp")).ToHaveTextAsync("1");

        await tab.PressAsync("Sign out");
        await tab.ExpectSignedOutAsync();
        await tab.GoAsync("/Devices");
        await tab.ExpectSignedOutAsync();
    }

    [Test]
    public async Task The_keyboard_alone_is_enough()
    {
        var tab = await (await OpenAsync()).OpenTabAsync();
        await tab.Page.Keyboard.TypeAsync("typist");
        await tab.Page.Keyboard.PressAsync("Enter");
        await Expect(tab.Clicks).ToHaveTextAsync("0");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Count", Exact = true }).FocusAsync();
        foreach (var count in new[] { "1", "2" })
        {
            // The button has the focus again on the page that follows.
            await Expect(tab.Page.GetByRole(AriaRole.Button, new() { Name = "Count", Exact = true })).ToBeFocusedAsync();
            await tab.Page.Keyboard.PressAsync("Enter");
            await Expect(tab.Clicks).ToHaveTextAsync(count);
        }
    }

    [Test]
    public async Task Two_tabs_that_add_at_the_same_moment_lose_nothing()
    {
        const int Rounds = 5;
        var device = await OpenAsync();
        var first = await device.SignInAsync("twotabs");
        var second = await device.OpenTabAsync();
        for (var round = 0; round < Rounds; round++)
        {
            await device.SendTogetherAsync(2);
            await Task.WhenAll(first.AddAsync("Notebook"), second.AddAsync("Pencil"));
        }

        await first.GoAsync("/");
        await Expect(first.InCart("notebook")).ToHaveTextAsync($"{Rounds}");
        await Expect(first.InCart("pencil")).ToHaveTextAsync($"{Rounds}");
    }

    [Test]
    public async Task The_counter_counts_every_click_of_all_tabs()
    {
        const int Rounds = 4;
        var device = await OpenAsync();
        var tabs = new List<Tab> { await device.SignInAsync("counting"), await device.OpenTabAsync(), await device.OpenTabAsync() };
        for (var round = 0; round < Rounds; round++)
        {
            await device.SendTogetherAsync(tabs.Count);
            await Task.WhenAll(tabs.Select(static tab => tab.PressAsync("Count")));
        }

        await tabs[0].GoAsync("/");
        await Expect(tabs[0].Clicks).ToHaveTextAsync($"{Rounds * tabs.Count}");
    }

    [Test]
    public async Task What_another_tab_adds_during_a_slow_request_stays()
    {
        var device = await OpenAsync();
        var slow = await device.SignInAsync("patient");
        var quick = await device.OpenTabAsync();
        var asked = _site.LogsAsync("Asking for a day of delivery.");
        var delivery = slow.PressAsync("Ask when it arrives");
        await asked;
        await quick.AddAsync("Lamp");
        await quick.PressAsync("Count");
        await delivery;

        await Expect(slow.Page.GetByText("Arrives on")).ToBeVisibleAsync();
        await Expect(slow.InCart("lamp")).ToHaveTextAsync("1");
        await Expect(slow.Clicks).ToHaveTextAsync("1");
    }

    [Test]
    public async Task A_device_signs_another_out_in_the_middle_of_its_slow_request()
    {
        var laptop = await (await OpenAsync()).SignInAsync("owner");
        var phone = await (await OpenAsync()).SignInAsync("owner");
        var stranger = await (await OpenAsync()).SignInAsync("stranger");
        await laptop.GoAsync("/Devices");
        await ExpectDevicesAsync(laptop, 2);

        var asked = _site.LogsAsync("Asking for a day of delivery.");
        var delivery = phone.PressAsync("Ask when it arrives");
        await asked;
        await laptop.EndOtherAsync("Session");
        Assert.That(delivery.IsCompleted, Is.False, "The slow request must run longer than the sign-out.");

        // The answer leads to a page that the phone may no longer see, and what it saved has not brought the session back.
        await delivery;
        await phone.ExpectSignedOutAsync();
        await laptop.GoAsync("/Devices");
        await ExpectDevicesAsync(laptop, 1);
        await stranger.GoAsync("/Devices");
        await ExpectDevicesAsync(stranger, 1);
    }

    [Test]
    public async Task A_sign_in_that_ends_takes_its_session_with_it()
    {
        var laptop = await (await OpenAsync()).SignInAsync("reader");
        var phone = await (await OpenAsync()).SignInAsync("reader");
        await phone.AddAsync("Lamp");
        await laptop.GoAsync("/Devices");
        await laptop.EndOtherAsync("Ticket");

        await phone.PressAsync("Count");
        await phone.ExpectSignedOutAsync();
        await laptop.GoAsync("/Devices");
        await ExpectDevicesAsync(laptop, 1);
    }

    [Test]
    public async Task A_device_signs_all_others_out_and_then_everything()
    {
        var laptop = await (await OpenAsync()).SignInAsync("everywhere");
        var others = new List<Tab> { await (await OpenAsync()).SignInAsync("everywhere"), await (await OpenAsync()).SignInAsync("everywhere") };
        await laptop.GoAsync("/Devices");
        await ExpectDevicesAsync(laptop, 3);
        await laptop.PressAsync("Sign out all others");
        await Expect(laptop.Page.GetByText("All other browsers are signed out.")).ToBeVisibleAsync();
        await ExpectDevicesAsync(laptop, 1);
        foreach (var other in others)
        {
            await other.PressAsync("Count");
            await other.ExpectSignedOutAsync();
        }

        var again = await (await OpenAsync()).SignInAsync("everywhere");
        await laptop.PressAsync("Sign out everywhere");
        await laptop.ExpectSignedOutAsync();
        await again.GoAsync("/");
        await again.ExpectSignedOutAsync();
        await laptop.GoAsync("/");
        await laptop.ExpectSignedOutAsync();
    }

    /// <summary>Each device has a sign-in and a session, and one of the devices is this one.</summary>
    private static async Task ExpectDevicesAsync(Tab tab, int count)
    {
        foreach (var kind in new[] { "Ticket", "Session" })
        {
            await Expect(tab.Devices(kind)).ToHaveCountAsync(count);
            await Expect(tab.Devices(kind).Filter(new() { HasText = "This browser" })).ToHaveCountAsync(1);
        }
    }

    private async Task<Device> OpenAsync()
    {
        var device = await Device.OpenAsync(_site);
        _devices.Add(device);
        return device;
    }
}
