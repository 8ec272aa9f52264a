namespace SmartCache.Sessions;

/// <summary>An access that counts from the request's end, unless the request asks for it not to count.</summary>
/// <param name="Access">When it was, in UTC Unix milliseconds.</param>
/// <param name="Hold">What the touch queue knows it by.</param>
internal sealed record HeldTouch(long Access, int Hold);
