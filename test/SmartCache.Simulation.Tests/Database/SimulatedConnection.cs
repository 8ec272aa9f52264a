using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using SmartCache.Simulation.Scheduling;

namespace SmartCache.Simulation.Database;

/// <summary>A driver's connection to the simulated server.</summary>
internal sealed class SimulatedConnection(Server server) : DbConnection
{
    private ConnectionState _state = ConnectionState.Closed;

    [AllowNull]
    public override string ConnectionString { get; set; } = "";

    public override string Database => "";

    public override string DataSource => "";

    public override string ServerVersion => "1";

    public override ConnectionState State => _state;

    public Server Server => server;

    public ServerSession Session { get; } = server.Connect();

    public override void Open()
    {
        _state = ConnectionState.Open;
        Actor.Current.Node?.Connections.Add(this);
    }

    public override async Task OpenAsync(CancellationToken cancellationToken)
    {
        await World.Current.Agenda.ReachAsync("connects", cancellationToken);
        Open();
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
        if (_state == ConnectionState.Open)
        {
            Break(isExecuting: false);
        }
    }

    public override void ChangeDatabase(string databaseName) => throw new NotSupportedException();

    protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel) => throw new NotSupportedException();

    protected override DbCommand CreateDbCommand() => new SimulatedCommand(this);

    protected override void Dispose(bool disposing)
    {
        Close();
        base.Dispose(disposing);
    }
}
