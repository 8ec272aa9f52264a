namespace SmartCache;

/// <summary>How a number is stored in a session.</summary>
public enum EntryType
{
    /// <summary>As <c>Session.SetInt32</c> does: four bytes.</summary>
    Int32,

    /// <summary>As <c>Session.SetString</c> does with a number in the invariant culture's form, such as <c>-12.50</c>: up to 28 digits, no exponent.</summary>
    Text,
}
