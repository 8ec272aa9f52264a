using System.Data;
using System.Diagnostics.CodeAnalysis;

namespace SmartCache.Core.Tests.Connections;

/// <summary>A driver every synchronous call of which fails, and which keeps a list of the asynchronous ones.</summary>
internal sealed class AsyncOnlyDriver : DbDataSource
{
    public List<string> Calls { get; } = [];
    public override string ConnectionString => "";

    protected override DbConnection CreateDbConnection() => new Connection(Calls);

    private static InvalidOperationException Blocked(string call) => new($"{call} blocks an asynchronous caller.");

    private sealed class Connection(List<string> calls) : DbConnection
    {
        private ConnectionState _state = ConnectionState.Closed;

        [AllowNull]
        public override string ConnectionString { get; set; } = "";
        public override string Database => "";
        public override string DataSource => "";
        public override string ServerVersion => "1";
        public override ConnectionState State => _state;
        public List<string> Calls => calls;

        public override void Open() => throw Blocked(nameof(Open));

        public override Task OpenAsync(CancellationToken cancellationToken)
        {
            calls.Add("open");
            _state = ConnectionState.Open;
            return Task.CompletedTask;
        }

        public override void Close() => throw Blocked(nameof(Close));

        public override Task CloseAsync()
        {
            calls.Add("close");
            return Task.CompletedTask;
        }

        public override async ValueTask DisposeAsync()
        {
            await CloseAsync();
            _state = ConnectionState.Closed;
            await base.DisposeAsync();
        }

        public override void ChangeDatabase(string databaseName) => throw Blocked(nameof(ChangeDatabase));

        protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel) => throw Blocked(nameof(BeginTransaction));

        protected override DbCommand CreateDbCommand() => new Command(this);

        protected override void Dispose(bool disposing)
        {
            if (disposing && _state != ConnectionState.Closed)
                Close();

            base.Dispose(disposing);
        }
    }

    private sealed class Command(Connection? connection) : DbCommand
    {
        [AllowNull]
        public override string CommandText { get; set; } = "";
        public override int CommandTimeout { get; set; }
        public override CommandType CommandType { get; set; }
        public override bool DesignTimeVisible { get; set; }
        public override UpdateRowSource UpdatedRowSource { get; set; }
        protected override DbConnection? DbConnection
        {
            get => connection;
            set
            {
                // A driver that cancels a command on another thread may look for its connection until after it has run.
                connection?.Calls.Add("moved");
                connection = (Connection?)value;
            }
        }

        protected override DbParameterCollection DbParameterCollection => throw new NotSupportedException("The test's statements take no values.");
        protected override DbTransaction? DbTransaction { get; set; }

        public override void Prepare() => throw Blocked(nameof(Prepare));

        public override Task PrepareAsync(CancellationToken cancellationToken = default) => Note("prepare", 0);

        public override void Cancel() => throw Blocked(nameof(Cancel));

        public override int ExecuteNonQuery() => throw Blocked(nameof(ExecuteNonQuery));

        public override Task<int> ExecuteNonQueryAsync(CancellationToken cancellationToken) =>
            CommandText == "fail" ? throw new TimeoutException() : Note(CommandText, 1);

        public override object? ExecuteScalar() => throw Blocked(nameof(ExecuteScalar));

        protected override DbParameter CreateDbParameter() => throw new NotSupportedException("The test's statements take no values.");

        protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior) => throw Blocked(nameof(ExecuteReader));

        private Task<int> Note(string call, int affected)
        {
            ((Connection)DbConnection!).Calls.Add(call);
            return Task.FromResult(affected);
        }
    }
}
