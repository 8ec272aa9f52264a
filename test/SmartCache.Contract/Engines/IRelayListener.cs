namespace SmartCache.Contract.Engines;

/// <summary>Hears that something is said on a connection, and may end it there and then.</summary>
public interface IRelayListener
{
    bool MayPassToServer();

    bool MayPassToDriver();
}
