namespace SmartCache.Expiration;

internal static class AccessSpanListExtensions
{
    public static void AddUnlessEmpty(this List<AccessSpan> accesses, AccessSpan span)
    {
        if (!span.IsEmpty)
        {
            accesses.Add(span);
        }
    }
}
