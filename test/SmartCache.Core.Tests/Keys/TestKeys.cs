using System.Globalization;
using SmartCache.Keys;

namespace SmartCache.Core.Tests.Keys;

internal static class TestKeys
{
    public static List<CacheKey> Many(int count) =>
        [.. Enumerable.Range(0, count).Select(i => CacheKey.From(i.ToString(CultureInfo.InvariantCulture)))];
}
