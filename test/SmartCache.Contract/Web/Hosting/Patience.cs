namespace SmartCache.Contract.Web.Hosting;

/// <summary>How long a test waits for something that always happens, before it calls it a failure.</summary>
public static class Patience
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
}
