namespace RaceLab.Engines.Postgres;

/// <summary>One of the ways in which PostgreSQL counts.</summary>
internal abstract class PostgresCounter : IAsyncDisposable
{
    public const string ApplicationName = "RaceLab";

    public abstract string Title { get; }

    public abstract string HowCounted { get; }

    public virtual bool ClosesConnections => false;

    /// <param name="own">The table of the cache that is counted.</param>
    /// <param name="other">The table of the other one.</param>
    /// <param name="cancellationToken">Ends the counting.</param>
    public abstract ValueTask<DatabaseCounts> CountAsync(string own, string other, CancellationToken cancellationToken);

    public abstract ValueTask DisposeAsync();
}
