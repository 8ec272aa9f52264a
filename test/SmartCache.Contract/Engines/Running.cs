namespace SmartCache.Contract.Engines;

/// <summary>The one engine of its kind that every fixture of a test run shares.</summary>
public static class Running
{
    public static TEngine Of<TEngine>()
        where TEngine : TestEngine, new() => Single<TEngine>.Engine;

    private static class Single<TEngine>
        where TEngine : TestEngine, new()
    {
        public static readonly TEngine Engine = new();
    }
}
