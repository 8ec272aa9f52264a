using Microsoft.AspNetCore.Mvc;

namespace SmartCache.Contract.Web;

/// <summary>MVC's temporary data, kept in the session.</summary>
[NewestRelease]
public abstract class TempDataContract<TEngine> : WebContract<TEngine>
    where TEngine : TestEngine, new()
{
    [Test]
    public async Task A_message_outlives_one_redirect([LogLevels] LogLevel logLevel)
    {
        var app = await StartAsync(new WebSetUp
        {
            LogLevel = logLevel,
            ServicesBefore = services => services.AddControllersWithViews().AddApplicationPart(typeof(MessageController).Assembly).AddSessionStateTempDataProvider(),
            Endpoints = endpoints => endpoints.MapControllers(),
        });
        var browser = app.NewBrowser();

        Assert.That(await ReadAsync(browser, "/message/leave"), Is.EqualTo("Message: saved ☃"));
        Assert.That(await ReadAsync(browser, "/message/show"), Is.EqualTo("Message: "));
        Assert.That(Table.Entries(browser.Key), Does.Not.Contain("saved"));
    }

    private static async Task<string> ReadAsync(Browser browser, string path)
    {
        using var response = await browser.GetAsync(new Uri(path, UriKind.Relative));
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsStringAsync();
    }
}

/// <summary>Leaves a message for the page that follows a redirect, as forms do.</summary>
[Route("message/[action]")]
public sealed class MessageController : Controller
{
    [TempData]
    public string? Message { get; set; }

    public IActionResult Leave()
    {
        Message = "saved ☃";
        return RedirectToAction(nameof(Show));
    }

    public string Show() => $"Message: {Message}";
}
