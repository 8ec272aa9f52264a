using System.Data.Common;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using QuickStart;
using SmartCache;

var builder = WebApplication.CreateBuilder(args);
DirectoryInfo folder;

// The sessions: the stock middleware, over SmartCache.
try
{
    folder = builder.CreateDataFolder();
    builder.AddSessionDatabase(folder, static options =>
    {
        // Whose session it is, for the list of devices.
        options.Owner = static context => context.User.FindFirst(ClaimTypes.NameIdentifier)?.Value;

        // Two clicks at the same moment count twice, also in two tabs.
        options.Merge.Entry(Shop.Clicks).Add();
        foreach (var product in Shop.Products)
            options.Merge.Entry(product.Entry).Add();
    });
}
catch (SettingException exception)
{
    return Fail(exception.Message);
}

// As long as the sign-in by default.
builder.Services.AddSession(static options => options.IdleTimeout = TimeSpan.FromDays(14));

// The sign-ins: the stock cookie, whose tickets are beside the sessions. A sign-in is valid for as long as the session in which it began.
builder.Services.AddSmartTicketStore();
builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(static options =>
{
    options.LoginPath = "/Login";
    options.Events.OnValidatePrincipal = static async context =>
    {
        await context.HttpContext.Session.LoadAsync(context.HttpContext.RequestAborted);
        if (context.HttpContext.Session.GetString(Shop.User) != context.Principal?.Identity?.Name)
        {
            context.RejectPrincipal();
            await context.HttpContext.SignOutAsync();
        }
    };
});
builder.Services.AddAuthorization();

// The keys of the cookies and of the forms are kept with the data, so that a restart signs nobody out.
builder.Services.AddDataProtection().SetApplicationName("QuickStart").PersistKeysToFileSystem(folder.CreateSubdirectory("keys"));
builder.Services.AddRazorPages(static options => options.Conventions.AuthorizeFolder("/").AllowAnonymousToPage("/Login"));
builder.Services.AddSingleton(TimeProvider.System);

await using var app = builder.Build();
app.UseStaticFiles();
app.UseRouting();
app.UseSession();
app.UseAuthentication();
app.UseAuthorization();
app.MapRazorPages();

// A wrong setting shows now, and not on the first visitor's page.
try
{
    await app.Services.GetRequiredService<ISessionDirectory>().CountAllAsync();
}
catch (Exception exception) when (exception is DbException or InvalidOperationException or OptionsValidationException)
{
    return Fail($"The database cannot be used. Check the settings Database and ConnectionStrings:SmartCache. {exception.Message}");
}

await app.RunAsync();
return 0;

static int Fail(string message)
{
    Console.Error.WriteLine(message);
    return 1;
}
