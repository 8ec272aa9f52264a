namespace SmartCache;

/// <summary>How the app stores a number in a session.</summary>
public enum EntryNumber
{
    /// <summary>With <c>Session.SetInt32</c>.</summary>
    SetInt32,

    /// <summary>
    /// With <c>Session.SetString</c>, as <c>ToString(CultureInfo.InvariantCulture)</c> of a <see cref="decimal"/> or a whole number
    /// writes it, such as <c>-12.50</c>: up to 28 digits, no exponent.
    /// </summary>
    SetString,
}
