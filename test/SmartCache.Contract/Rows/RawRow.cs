namespace SmartCache.Contract.Rows;

/// <summary>A row as another program sees it.</summary>
public sealed record RawRow(
    byte[] Value, long Format, long Version, long ExpiresAt, long? SlidingMs, long? AbsoluteAt, long CreatedAt, long UpdatedAt)
{
    /// <summary>The entries of the session in the row, as <c>a=1 b=2</c>.</summary>
    public string Entries => SessionBytes.Text(Value);

    /// <summary>The id of the session in the row.</summary>
    public Guid SessionId => SessionBytes.Id(Value);
}
