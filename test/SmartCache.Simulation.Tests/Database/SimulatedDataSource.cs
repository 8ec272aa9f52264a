using System.Data.Common;

namespace SmartCache.Simulation.Database;

/// <summary>
/// Opens connections to the simulated server, and pools them as the least careful driver does: one that is given back is
/// not reset, so that a transaction that is open stays open.
/// </summary>
internal sealed class SimulatedDataSource(Server server, int maxConnections) : DbDataSource
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly SemaphoreSlim _places = new(maxConnections, maxConnections);
    private readonly Stack<ServerSession> _idle = [];

    public override string ConnectionString => "";

    /// <summary>Waits for a place in the pool; then gives an idle session, or null if one has to be opened.</summary>
    public async Task<ServerSession?> LeaseAsync(CancellationToken cancellationToken) =>
        await _places.WaitAsync(Patience, cancellationToken) ? Idle() : throw new TimeoutException("All pooled connections are in use.");

    /// <summary>The same for a synchronous caller, who is alone.</summary>
    public ServerSession? Lease()
    {
        _places.Wait(CancellationToken.None);
        return Idle();
    }

    /// <summary>Takes a session back; null if it has broken.</summary>
    public void Return(ServerSession? session)
    {
        if (session is not null)
        {
            _idle.Push(session);
        }

        _places.Release();
    }

    protected override DbConnection CreateDbConnection() => new SimulatedConnection(server, this);

    private ServerSession? Idle() => _idle.TryPop(out var session) ? session : null;
}
