namespace SmartCache.Contract.Web.Hosting;

/// <summary>A request that has loaded its session and waits.</summary>
public sealed class SlowRequest(Gate gate, Task response)
{
    /// <summary>Lets the request go on and waits for its answer.</summary>
    public Task EndAsync()
    {
        gate.Open();
        return response;
    }
}
