namespace QuickStart;

/// <summary>What the shop sells. The icon is an SVG path of 24 by 24 points.</summary>
public sealed record Product(string Id, string Name, string About, decimal Price, string Icon)
{
    /// <summary>The entry of the session that counts how many are in the cart.</summary>
    public string Entry => $"cart:{Id}";
}

/// <summary>The shop, and the names of its entries in the session.</summary>
internal static class Shop
{
    public const string User = "user";
    public const string Clicks = "clicks";
    public const string Delivery = "delivery";

    /// <summary>How long the shop asks its warehouse. Other requests of the session run meanwhile.</summary>
    public static readonly TimeSpan Moment = TimeSpan.FromSeconds(.1);

    /// <summary>How long the shop asks for a day of delivery.</summary>
    public static readonly TimeSpan While = TimeSpan.FromSeconds(3);

    public static readonly IReadOnlyList<Product> Products =
    [
        new("notebook", "Notebook", "Dotted, 160 pages", 12.50m, "M7 3h11a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1H7a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2zM9 3v18M12.5 8h3.5M12.5 12h3.5"),
        new("pencil", "Pencil", "Cedar, soft", 1.80m, "M4 20l1.2-4.8L16.4 4a1.7 1.7 0 0 1 2.4 0l1.2 1.2a1.7 1.7 0 0 1 0 2.4L8.8 18.8zM14 6.5l3.5 3.5"),
        new("mug", "Mug", "Stoneware, 0.3 litres", 14.00m, "M5 7h11v9a4 4 0 0 1-4 4H9a4 4 0 0 1-4-4zM16 9.5h2a2.5 2.5 0 0 1 0 5h-2M8.5 2.5v2M12.5 2.5v2"),
        new("lamp", "Lamp", "For a desk, warm light", 49.00m, "M8.5 3h7l3.5 9H5zM12 12v8.5M8 20.5h8"),
    ];

    public static int CountOf(this ISession session, string entry) => session.GetInt32(entry) ?? 0;

    /// <summary>Counts one more. With the merge rule Add(), two requests that do this at once make two more.</summary>
    public static void CountUp(this ISession session, string entry) => session.SetInt32(entry, session.CountOf(entry) + 1);
}
