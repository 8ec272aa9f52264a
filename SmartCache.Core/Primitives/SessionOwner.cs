using System.Text;

namespace SmartCache.Primitives;

/// <summary>What a text must be like to name a session's owner.</summary>
internal static class SessionOwner
{
    /// <summary>The longest name in UTF-8 bytes.</summary>
    public const int MaxLength = 255;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>What is wrong with the text, as the end of a sentence that does not show it; null if nothing is.</summary>
    public static string? FindFault(string owner)
    {
        try
        {
            var length = StrictUtf8.GetByteCount(owner);
            return length == 0 ? "is empty; null means no owner"
                : length > MaxLength ? $"has {length} bytes as UTF-8; at most {MaxLength} are allowed"
                : owner.Contains('\0', StringComparison.Ordinal) ? "contains a zero character"
                : null;
        }
        catch (EncoderFallbackException)
        {
            return "is not well-formed UTF-16: it contains half of a surrogate pair";
        }
    }
}
