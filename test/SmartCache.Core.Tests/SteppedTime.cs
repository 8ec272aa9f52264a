namespace SmartCache.Core.Tests;

/// <summary>A clock that can be set while no time passes, as time synchronization does.</summary>
internal sealed class SteppedTime : FakeTimeProvider
{
    private TimeSpan _step;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _step;

    public override long GetTimestamp() => base.GetUtcNow().Ticks;

    public void Step(TimeSpan by) => _step += by;
}
