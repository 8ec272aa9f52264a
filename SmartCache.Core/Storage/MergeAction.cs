namespace SmartCache.Storage;

/// <summary>How a store goes on, given what the row holds.</summary>
internal enum MergeAction
{
    /// <summary>Nothing needs writing.</summary>
    None,

    /// <summary>Insert the row, or replace an expired one whole.</summary>
    Insert,

    /// <summary>Write value and expiry over the version that was read.</summary>
    Update,

    /// <summary>As <see cref="Update"/>, but the row begins a new life.</summary>
    Replace,

    /// <summary>As <see cref="Update"/>, but the expiry stays as it is.</summary>
    UpdateValue,

    /// <summary>Write the expiry alone.</summary>
    UpdateExpiry,
}
