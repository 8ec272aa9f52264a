using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;

namespace SmartCache.Simulation.Database;

/// <summary>A statement on its way to the simulated server and back.</summary>
internal sealed class SimulatedCommand(SimulatedConnection connection) : DbCommand
{
    [AllowNull]
    public override string CommandText { get; set; } = "";

    public override int CommandTimeout { get; set; }

    public override CommandType CommandType { get; set; } = CommandType.Text;

    public override bool DesignTimeVisible { get; set; }

    public override UpdateRowSource UpdatedRowSource { get; set; }

    protected override DbConnection? DbConnection { get; set; } = connection;

    protected override DbParameterCollection DbParameterCollection { get; } = new SimulatedParameters();

    protected override DbTransaction? DbTransaction { get; set; }

    public override void Prepare()
    {
    }

    public override void Cancel() => throw new NotSupportedException();

    public override int ExecuteNonQuery() => throw World.Current.NotSimulated("a synchronous caller that writes");

    public override async Task<int> ExecuteNonQueryAsync(CancellationToken cancellationToken) =>
        (await RoundTrip().RunAsync(cancellationToken)).Affected;

    public override object? ExecuteScalar() => throw new NotSupportedException();

    protected override DbParameter CreateDbParameter() => new SimulatedParameter();

    protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior) => new SimulatedReader(RoundTrip().Run().Rows);

    protected override async Task<DbDataReader> ExecuteDbDataReaderAsync(CommandBehavior behavior, CancellationToken cancellationToken) =>
        new SimulatedReader((await RoundTrip().RunAsync(cancellationToken)).Rows);

    private RoundTrip RoundTrip()
    {
        var used = (SimulatedConnection)DbConnection!;
        return new RoundTrip(used, used.Server.Texts[CommandText], new Arguments(Parameters));
    }
}
