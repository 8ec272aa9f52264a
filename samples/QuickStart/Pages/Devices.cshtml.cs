using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using SmartCache;

namespace QuickStart.Pages;

/// <summary>The user's sessions and sign-ins, by the directory that comes with the cache.</summary>
public sealed class DevicesModel(ISessionDirectory directory, TimeProvider time) : PageModel
{
    public IReadOnlyList<SessionInfo> Devices { get; private set; } = [];

    [TempData]
    public string? Notice { get; set; }

    private string Owner => User.Identity!.Name!;

    public async Task OnGetAsync(CancellationToken token) => Devices = await directory.ListAsync(Owner, token).ToListAsync(token);

    public async Task<IActionResult> OnPostEndAsync(string reference, CancellationToken token)
    {
        Notice = await directory.EndAsync(Owner, reference, token) ? "The browser is signed out." : "The browser was signed out already.";
        return RedirectToPage();
    }

    public async Task<IActionResult> OnPostEndOthersAsync(CancellationToken token)
    {
        await directory.EndAllAsync(Owner, exceptCurrent: true, token);
        Notice = "All other browsers are signed out.";
        return RedirectToPage();
    }

    public async Task<IActionResult> OnPostEndAllAsync(CancellationToken token)
    {
        await directory.EndAllAsync(Owner, token: token);
        Notice = "You are signed out everywhere.";
        return RedirectToPage("/Login");
    }

    public string Ago(DateTimeOffset moment) => (time.GetUtcNow() - moment) switch
    {
        { TotalMinutes: < 1 } => "just now",
        { TotalMinutes: < 2 } => "a minute ago",
        { TotalHours: < 1 } ago => $"{(int)ago.TotalMinutes} minutes ago",
        { TotalHours: < 2 } => "an hour ago",
        { TotalDays: < 1 } ago => $"{(int)ago.TotalHours} hours ago",
        _ => $"on {moment:d MMMM}",
    };
}
