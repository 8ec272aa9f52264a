using System.Data.Common;
using Microsoft.Data.Sqlite;
using SmartCache.Contract.Faults;
using SmartCache.Contract.Nodes;
using SmartCache.Contract.Values;

namespace SmartCache.Sqlite.Tests;

/// <summary>A full disk: the caller is told, what was stored before stays, and stores go on once there is room.</summary>
public sealed class FullDiskTests : FileFixture
{
    private const int Full = 13;

    [Test]
    public async Task A_store_that_has_no_room_is_the_callers_and_loses_nothing()
    {
        await NewNode().Cache.SetAsync("page", [1], Expires.ByDefault);
        await using var disk = new SmallDisk($"Data Source={File}");
        PausingSource connections = null!;
        await using var node = new Node(
            Engine,
            TableName,
            TimeProvider.System,
            CallStyle.Asynchronous,
            options => (options.ConnectionString, options.DataSource) = (null, disk),
            intercept: inner => connections = new PausingSource(inner));
        var cache = node.Inner;
        await cache.GetAsync("finds the table");

        Assert.That(
            () => cache.SetAsync("page", new byte[1_000_000], Expires.ByDefault),
            Throws.TypeOf<SqliteException>().With.Property(nameof(SqliteException.SqliteErrorCode)).EqualTo(Full));
        Assert.That(connections.Writes, Is.EqualTo(1), "it is not tried again");
        Assert.That(await cache.GetAsync("page"), Is.EqualTo(new byte[] { 1 }));
        await cache.SetAsync("page", [2], Expires.ByDefault);
        Assert.That(await cache.GetAsync("page"), Is.EqualTo(new byte[] { 2 }));
    }

    /// <summary>As SQLite says it: a file that may not grow.</summary>
    private sealed class SmallDisk(string connectionString) : DbDataSource
    {
        public override string ConnectionString => connectionString;

        protected override DbConnection CreateDbConnection() => new Connection(connectionString);

        private sealed class Connection(string connectionString) : SqliteConnection(connectionString)
        {
            public override void Open()
            {
                base.Open();
                using var limit = CreateCommand();
                limit.CommandText = "PRAGMA max_page_count = 20";
                limit.ExecuteNonQuery();
            }
        }
    }
}
