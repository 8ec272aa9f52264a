namespace SmartCache.Simulation.Checking;

/// <summary>Until when accesses keep a session alive.</summary>
internal static class LifeSpan
{
    /// <summary>The latest expiry that accesses can have given: each counts that may have been before the session died.</summary>
    public static long AtMost(long expiry, IEnumerable<Access> accesses, long window)
    {
        foreach (var access in accesses.OrderBy(static access => access.Earliest))
        {
            if (access.Earliest < expiry)
            {
                expiry = Math.Max(expiry, access.Latest + window);
            }
        }

        return expiry;
    }

    /// <summary>The earliest expiry that accesses must have given, as the observer's clock has it.</summary>
    /// <param name="expiry">The expiry before.</param>
    /// <param name="accesses">Those that count, in their order.</param>
    /// <param name="window">The sliding window.</param>
    /// <param name="ahead">How far the observer's clock is ahead of the true time: what comes after the death that it sees is none.</param>
    public static long AtLeast(long expiry, IEnumerable<Access> accesses, long window, TimeSpan ahead)
    {
        foreach (var access in accesses)
        {
            var asObserved = access.Earliest + (long)(ahead - access.Operation.Node.Time.Ahead).TotalMilliseconds;
            if (Math.Max(asObserved, access.Earliest) < expiry)
            {
                expiry = Math.Max(expiry, access.Earliest + window);
            }
        }

        return expiry;
    }
}
