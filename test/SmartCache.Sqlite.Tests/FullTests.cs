using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace SmartCache.Sqlite.Tests;

/// <summary>The file may not grow any more, as on a full disk.</summary>
public sealed class FullTests : FileFixture
{
    [Test]
    public async Task A_save_without_room_fails_at_once_what_was_saved_stays_and_saves_work_again()
    {
        await using var source = new LimitedSqlite(Engine.ConnectionString);
        var cache = NewNode(configure: options => (options.ConnectionString, options.DataSource) = (null, source)).Cache;
        await cache.SetAsync("page", [1], Expires.ByDefault);
        source.Limit(20);
        source.Account.TakeAll();

        Assert.That(
            () => cache.SetAsync("page", new byte[200_000], Expires.ByDefault),
            Throws.TypeOf<SqliteException>().With.Property(nameof(SqliteException.SqliteErrorCode)).EqualTo(raw.SQLITE_FULL));
        Assert.That(source.Account.TakeAll().Count(static text => text.StartsWith("INSERT", StringComparison.Ordinal)), Is.EqualTo(1), "it is not tried again");
        Assert.That(await cache.GetAsync("page"), Is.EqualTo(new byte[] { 1 }));
        await cache.SetAsync("page", [2], Expires.ByDefault);
        Assert.That(await cache.GetAsync("page"), Is.EqualTo(new byte[] { 2 }), "what needs no more room is saved");
        source.Limit(10_000);
        await cache.SetAsync("page", new byte[200_000], Expires.ByDefault);
        Assert.That(await cache.GetAsync("page"), Has.Length.EqualTo(200_000));
    }

    /// <summary>Lets the file of the connection that writes, the first one, grow to a number of pages.</summary>
    private sealed class LimitedSqlite(string connectionString) : DbDataSource
    {
        private SqliteConnection? _writer;

        public TracedSqlite Account { get; } = new(connectionString);
        public override string ConnectionString => connectionString;

        public void Limit(int pages) => _writer!.Run($"PRAGMA max_page_count = {pages}");

        protected override DbConnection CreateDbConnection()
        {
            var connection = (SqliteConnection)Account.CreateConnection();
            _writer ??= connection;
            return connection;
        }
    }
}
