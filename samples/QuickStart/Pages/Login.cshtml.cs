using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace QuickStart.Pages;

/// <summary>Signs in and out.</summary>
public sealed class LoginModel : PageModel
{
    [BindProperty, Required(ErrorMessage = "Enter a name."), StringLength(40, ErrorMessage = "Enter a name of at most 40 characters.")]
    public string? Name { get; set; }

    /// <summary>If the sign-in was ended on another device, its session ends here.</summary>
    public async Task OnGetAsync()
    {
        await HttpContext.Session.LoadAsync();
        if (User.Identity is not { IsAuthenticated: true } && HttpContext.Session.GetString(Shop.User) is not null)
            HttpContext.AbandonSession();
    }

    public async Task<IActionResult> OnPostAsync(string? returnUrl)
    {
        if (!ModelState.IsValid)
            return Page();

        // The cart of another user does not become this one's.
        await HttpContext.Session.LoadAsync();
        if (HttpContext.Session.GetString(Shop.User) != Name)
            HttpContext.Session.Clear();

        HttpContext.Session.SetString(Shop.User, Name!);
        var identity = new ClaimsIdentity(
            [new Claim(ClaimTypes.NameIdentifier, Name!)], CookieAuthenticationDefaults.AuthenticationScheme, ClaimTypes.NameIdentifier, ClaimTypes.Role);
        await HttpContext.SignInAsync(new ClaimsPrincipal(identity));
        return LocalRedirect(Url.IsLocalUrl(returnUrl) ? returnUrl : "/");
    }

    public async Task<IActionResult> OnPostSignOutAsync()
    {
        HttpContext.AbandonSession();
        await HttpContext.SignOutAsync();
        return RedirectToPage("/Login");
    }
}
