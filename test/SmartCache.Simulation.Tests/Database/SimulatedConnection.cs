using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using SmartCache.Simulation.Scheduling;

namespace SmartCache.Simulation.Database;

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

    /// <summary>The connection breaks; unless a statement is still on its way, the server ends its transaction when it notices.</summary>
    public void Break(bool isExecuting)
    {
        _state = ConnectionState.Broken;
        if (!isExecuting)
        {
            server.Abandon(Session);
        }
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
        {
            Close();
        }

        base.Dispose(disposing);
    }

    private void Begin(ServerSession session)
    {
        (_session, _state) = (session, ConnectionState.Open);
        Actor.Current.Node?.Connections.Add(this);
    }
}
