using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;

namespace SmartCache.Simulation;

/// <summary>
/// Opens connections to the simulated server, and pools them as the least careful driver does: a connection that is returned
/// is not reset, so that an open transaction stays open.
/// </summary>
internal sealed class SimulatedDataSource(Server server, int maxConnections) : DbDataSource
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly SemaphoreSlim _places = new(maxConnections, maxConnections);
    private readonly Stack<ServerSession> _idle = [];

    public override string ConnectionString => "";

    /// <summary>Waits for a place in the pool, and returns an idle session, or null if one has to be opened.</summary>
    public async Task<ServerSession?> LeaseAsync(CancellationToken cancellationToken) =>
        await _places.WaitAsync(Patience, cancellationToken) ? Idle() : throw new TimeoutException("All pooled connections are in use.");

    /// <summary>The same for a synchronous caller.</summary>
    public ServerSession? Lease()
    {
        _places.Wait(CancellationToken.None);
        return Idle();
    }

    /// <summary>Takes a session back; null if it has broken.</summary>
    public void Return(ServerSession? session)
    {
        if (session is not null)
            _idle.Push(session);

        _places.Release();
    }

    protected override DbConnection CreateDbConnection() => new SimulatedConnection(server, this);

    private ServerSession? Idle() => _idle.TryPop(out var session) ? session : null;
}

/// <summary>A driver's connection to the simulated server.</summary>
internal sealed class SimulatedConnection(Server server, SimulatedDataSource pool) : DbConnection
{
    private ConnectionState _state = ConnectionState.Closed;
    private ServerSession? _session;

    [AllowNull]
    public override string ConnectionString { get; set; } = "";
    public override string Database => "";
    public override string DataSource => "";
    public override string ServerVersion => "1";
    public override ConnectionState State => _state;
    public Server Server => server;
    public ServerSession Session => _session!;

    public override void Open() => Begin(pool.Lease() ?? server.Connect());

    public override async Task OpenAsync(CancellationToken cancellationToken)
    {
        var session = await pool.LeaseAsync(cancellationToken);
        if (session is null)
        {
            try
            {
                await World.Current.Agenda.ReachAsync("connects", cancellationToken);
            }
            catch
            {
                pool.Return(null);
                throw;
            }

            session = server.Connect();
        }

        Begin(session);
    }

    /// <summary>The connection breaks. Unless a statement is still on its way, the server ends the transaction when it notices.</summary>
    public void Break(bool isExecuting)
    {
        _state = ConnectionState.Broken;
        if (!isExecuting)
            server.Abandon(Session);
    }

    public override void Close()
    {
        if (_state != ConnectionState.Closed)
        {
            Actor.Current.Node?.Connections.Remove(this);
            pool.Return(_state == ConnectionState.Open ? _session : null);
            _state = ConnectionState.Closed;
        }
    }

    public override void ChangeDatabase(string databaseName) => throw new NotSupportedException();

    protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel) => throw new NotSupportedException();

    protected override DbCommand CreateDbCommand() => new SimulatedCommand(this);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            Close();

        base.Dispose(disposing);
    }

    private void Begin(ServerSession session)
    {
        (_session, _state) = (session, ConnectionState.Open);
        Actor.Current.Node?.Connections.Add(this);
    }
}

/// <summary>What the simulated driver throws.</summary>
internal sealed class SimulatedFault(string message, bool isTransient) : DbException(message)
{
    public override bool IsTransient => isTransient;

    /// <summary>Another transaction was in the way. The connection is still usable.</summary>
    public bool IsConflict { get; init; }

    /// <summary>A guarded statement found the row changed, and strict isolation makes that an error.</summary>
    public bool IsLostRace { get; init; }
}
