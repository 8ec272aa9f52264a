namespace SmartCache.Sessions;

/// <summary>A save, a refresh or a removal that has the key to itself within its request; none where there is no request.</summary>
internal readonly struct KeyUse(RequestedKeys request, RequestedKey known) : IDisposable
{
    public RequestedKey? Known => known;

    public void Dispose() => request?.Leave(known);
}
