using Microsoft.AspNetCore.DataProtection;

namespace SmartCache.Contract.Protection;

/// <summary>An app that loses its key ring cannot read its session cookies either, so no request asks for a row that it cannot decrypt.</summary>
[NewestRelease]
public abstract class LostKeyRingContract<TEngine> : WebContract<TEngine>
    where TEngine : TestEngine, new()
{
    [Test]
    public async Task The_session_is_gone_a_new_one_works_and_nothing_is_an_error()
    {
        var (before, after) = (await StartWithKeyRingAsync(), await StartWithKeyRingAsync());
        var browser = before.NewBrowser();
        await AskAsync(browser, before, "/set/user/ann");
        Assert.That(await AskAsync(browser, before, "/names"), Is.EqualTo("user"));

        Assert.That(await AskAsync(browser, after, "/names"), Is.Empty);
        await AskAsync(browser, after, "/set/cart/3");
        Assert.That(await AskAsync(browser, after, "/names"), Is.EqualTo("cart"));
        Assert.That(after.Logs.At(LogLevel.Warning), Has.Some.Contains("cookie").And.None.Contains("cannot be decrypted"));
        Assert.That(Table.Count(), Is.EqualTo(2), "the old row stays until it expires");
    }

    [Test]
    public async Task With_the_key_ring_another_node_reads_it()
    {
        var keyRing = new EphemeralDataProtectionProvider();
        var (one, other) = (await StartWithKeyRingAsync(keyRing), await StartWithKeyRingAsync(keyRing));
        var browser = one.NewBrowser();
        await AskAsync(browser, one, "/set/user/ann");
        await AskAsync(browser, other, "/set/cart/3");

        Assert.That(await AskAsync(browser, one, "/names"), Is.EqualTo("user cart"));
        Assert.That(Table.Ask("SELECT MIN(format) FROM {0}"), Is.EqualTo(17));
    }

    private Task<WebApp> StartWithKeyRingAsync(IDataProtectionProvider? keyRing = null) => StartAsync(new WebSetUp
    {
        Cache = static options => options.ProtectPayload = true,
        ServicesAfter = services => services.AddSingleton(keyRing ?? new EphemeralDataProtectionProvider()),
        Endpoints = Map,
    });

    private static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.Map("/set/{name}/{value}", static context =>
        {
            context.Session.SetString((string)context.Request.RouteValues["name"]!, (string)context.Request.RouteValues["value"]!);
            return Task.CompletedTask;
        });
        endpoints.Map("/names", static context => context.Response.WriteAsync(string.Join(' ', context.Session.Keys)));
    }

    private static async Task<string> AskAsync(Browser browser, WebApp app, string path)
    {
        using var response = await browser.GetAsync(new Uri(app.Address, path));
        return await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync();
    }
}
