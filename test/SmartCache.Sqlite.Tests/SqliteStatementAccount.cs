using SmartCache.Contract.Engines;

namespace SmartCache.Sqlite.Tests;

/// <summary>Counts by SQLite's own trace.</summary>
internal sealed class SqliteStatementAccount(string connectionString) : StatementAccount
{
    private readonly TracedSqlite _source = new(connectionString);

    public override long? RoundTrips => null;

    public override void Connect(SmartCacheOptions options) => (options.ConnectionString, options.DataSource) = (null, _source);

    public override IReadOnlyList<string> Take() => [.. _source.TakeAll().Select(Verb)];

    public override ValueTask DisposeAsync() => _source.DisposeAsync();
}
