namespace SmartCache.Contract.Engines;

/// <summary>Hears that something is said on a connection, and may hold it back, or end the connection there and then.</summary>
public interface IRelayListener
{
    ValueTask<bool> MayPassToServerAsync();

    ValueTask<bool> MayPassToDriverAsync();
}
