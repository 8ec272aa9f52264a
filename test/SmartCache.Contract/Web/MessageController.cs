using Microsoft.AspNetCore.Mvc;

namespace SmartCache.Contract.Web;

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
