namespace SmartCache.Contract.Engines;

/// <summary>Starts the engine before a suite's tests and stops it after them: derive from it in the suite's root namespace, with [SetUpFixture].</summary>
public abstract class EngineSetUp<TEngine>
    where TEngine : TestEngine, new()
{
    [OneTimeSetUp]
    public Task StartAsync() => Running.Of<TEngine>().StartAsync();

    [OneTimeTearDown]
    public Task StopAsync() => Running.Of<TEngine>().StopAsync();
}
