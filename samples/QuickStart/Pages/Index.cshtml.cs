using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace QuickStart.Pages;

/// <summary>The shelf, the cart and the counter. All of them are entries of the session.</summary>
public sealed class IndexModel(TimeProvider time, ILogger<IndexModel> logger) : PageModel
{
    private ISession Session => HttpContext.Session;

    public IReadOnlyList<(Product Product, int Count)> Cart =>
        [.. Shop.Products.Select(product => (product, Session.CountOf(product.Entry))).Where(static line => line.Item2 > 0)];

    public int Items => Cart.Sum(static line => line.Count);
    public decimal Total => Cart.Sum(static line => line.Product.Price * line.Count);
    public int Clicks => Session.CountOf(Shop.Clicks);
    public string? Delivery => Session.GetString(Shop.Delivery);

    public Task OnGetAsync(CancellationToken token) => Session.LoadAsync(token);

    public async Task<IActionResult> OnPostAddAsync(string id, CancellationToken token)
    {
        if (Find(id) is not { } product)
            return NotFound();

        await Session.LoadAsync(token);
        await Task.Delay(Shop.Moment, time, token);
        Session.CountUp(product.Entry);
        return Show("Add", id);
    }

    public async Task<IActionResult> OnPostRemoveAsync(string id, CancellationToken token)
    {
        await Session.LoadAsync(token);
        if (Find(id) is { } product)
            Session.Remove(product.Entry);

        return RedirectToPage();
    }

    public async Task<IActionResult> OnPostClickAsync(CancellationToken token)
    {
        await Session.LoadAsync(token);
        await Task.Delay(Shop.Moment, time, token);
        Session.CountUp(Shop.Clicks);
        return Show("Click");
    }

    /// <summary>A slow request. If its user is signed out meanwhile, what it sets does not bring the session back.</summary>
    public async Task<IActionResult> OnPostDeliveryAsync(CancellationToken token)
    {
        await Session.LoadAsync(token);
        Log.Asking(logger);
        await Task.Delay(Shop.While, time, token);
        Session.SetString(Shop.Delivery, $"Arrives on {time.GetLocalNow().AddDays(3):dddd, d MMMM}.");
        return Show("Delivery");
    }

    /// <summary>Whether the page shows what this button did. The button has the focus again.</summary>
    public bool WasUsed(string handler, string id = "") => TempData.Peek("Used") is string used && used == handler + id;

    private RedirectToPageResult Show(string handler, string id = "")
    {
        TempData["Used"] = handler + id;
        return RedirectToPage();
    }

    private static Product? Find(string id) => Shop.Products.FirstOrDefault(product => product.Id == id);
}

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Asking for a day of delivery.")]
    public static partial void Asking(ILogger logger);
}
