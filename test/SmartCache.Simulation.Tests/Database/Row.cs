using SmartCache.Contract.Rows;

namespace SmartCache.Simulation.Database;

/// <summary>A row of the table.</summary>
internal sealed record Row(byte[] Value, int Format, long Version, byte[]? RecentVersions, long ExpiresAt, long? SlidingMs, long? AbsoluteAt)
{
    /// <summary>The session's entries, read independently of the code under test.</summary>
    public IReadOnlyDictionary<string, string> Entries => SessionBytes.Entries(Value).ToDictionary(static entry => entry.Name, static entry => entry.Value);

    /// <summary>Which life of the session this is.</summary>
    public Guid Incarnation => SessionBytes.Id(Value);

    public override string ToString() => $"[{SessionBytes.Text(Value)}] until {ExpiresAt}";
}
