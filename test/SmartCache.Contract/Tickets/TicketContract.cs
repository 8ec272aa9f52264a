using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace SmartCache.Contract.Tickets;

/// <summary>Apps with cookie authentication whose tickets are in the table.</summary>
public abstract class TicketContract<TEngine> : WebContract<TEngine>
    where TEngine : TestEngine, new()
{
    protected const string CookieName = ".AspNetCore.Cookies";

    protected static TimeSpan Window => SignIns.Window;

    protected Task<WebApp> StartAsync(
        Action<SmartCacheOptions>? cache = null, Action<CookieAuthenticationOptions>? cookie = null, Action<SmartTicketStoreOptions>? tickets = null,
        Action<IServiceCollection>? services = null) =>
        StartAsync(SignIns.With(new WebSetUp { Cache = cache, Session = static session => session.IdleTimeout = TimeSpan.FromDays(1) }, cookie, tickets, services));

    protected static Task SignInAsync(Browser browser, string? user = "alice", AuthenticationProperties? properties = null) =>
        browser.RunAsync(context => context.SignInAsync(SignIns.User(user), properties));

    /// <summary>The user of a request, without a session; null if it is not signed in.</summary>
    protected static Task<string?> AskAsync(Browser browser) => browser.RunAsync(static context => context.User.FindFirst(ClaimTypes.NameIdentifier)?.Value);

    /// <summary>The key of the ticket in a browser's cookie.</summary>
    protected static string KeyOf(Browser browser)
    {
        var text = browser[CookieName]!.Replace('-', '+').Replace('_', '/');
        var ticket = TicketSerializer.Default.Deserialize(Convert.FromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '=')))!;
        return ticket.Principal.Claims.Single().Value;
    }

    protected static Task<List<SessionInfo>> ListAsync(WebApp app, string owner = "alice") => ListAsync(app.Services, owner);

    protected static async Task<List<SessionInfo>> ListAsync(IServiceProvider services, string owner = "alice") =>
        await services.GetRequiredService<ISessionDirectory>().ListAsync(owner).ToListAsync();
}

/// <summary>What an app with cookie authentication needs.</summary>
public static class SignIns
{
    /// <summary>How long a sign-in lives. The handler renews it after half of that.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromHours(2);

    public static WebSetUp With(
        WebSetUp setUp, Action<CookieAuthenticationOptions>? cookie = null, Action<SmartTicketStoreOptions>? tickets = null,
        Action<IServiceCollection>? services = null) => setUp with
        {
            ServicesAfter = all =>
            {
                all.AddSmartTicketStore(tickets);
                all.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(options =>
                {
                    options.ExpireTimeSpan = Window;
                    cookie?.Invoke(options);
                });
                services?.Invoke(all);
            },
            Inside = static inside => inside.UseAuthentication(),
        };

    public static ClaimsPrincipal User(string? id, params Claim[] claims) =>
        new(new ClaimsIdentity([.. id is null ? [] : new[] { new Claim(ClaimTypes.NameIdentifier, id) }, .. claims], "password"));
}
