namespace SmartCache.Postgres.Tests;

/// <summary>What only PostgreSQL tells apart, or lets a test arrange.</summary>
public sealed class MigrationFaultTests(CallStyle style) : LegacyTableContract<PostgresEngine, CommunityPostgreSqlTable>(style)
{
    [TestCase("")]
    [TestCase("SELECT")]
    [TestCase("SELECT, UPDATE")]
    [TestCase("SELECT, DELETE")]
    public void Missing_rights_are_reported_at_first_use_by_the_options_name(string granted)
    {
        var table = new RawTable(Engine, Legacy.Name);
        Table.Run("CREATE ROLE mover LOGIN PASSWORD 'mover'; GRANT ALL ON {0} TO mover");
        try
        {
            if (granted.Length > 0)
                table.Run($"GRANT {granted} ON {{0}} TO mover");

            Use(options => options.ConnectionString += ";Username=mover;Password=mover");
            Assert.That(
                () => Cache.GetAsync("key"),
                Throws.InvalidOperationException.With.Message.StartsWith("LegacyTable: ").And.Message.Contains("permission denied"));
        }
        finally
        {
            table.Run("REVOKE ALL ON {0} FROM mover");
            Table.Run("REVOKE ALL ON {0} FROM mover; DROP ROLE mover");
        }
    }

    [Test]
    public void A_column_that_is_not_stored_as_described_is_reported_at_first_use()
    {
        Use(options => options.LegacyTable!.ExpiresAtColumn = "SlidingExpirationInSeconds");

        Assert.That(
            () => Cache.GetAsync("key"),
            Throws.InvalidOperationException.With.Message.StartsWith("LegacyTable: ").And.Message.Contains("each column must be stored as described"));
    }

    [Test]
    public async Task An_infinite_expiry_as_Npgsql_writes_the_last_moment_of_the_calendar_is_never()
    {
        Legacy.Put("key", Value, Soon, absolute: Soon);
        new RawTable(Engine, Legacy.Name).Run("""UPDATE {0} SET "ExpiresAtTime" = 'infinity', "AbsoluteExpiration" = 'infinity'""");

        Assert.That(await Cache.GetAsync("key"), Is.EqualTo(Value));
        var end = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();
        Assert.That((Table.Row("key").ExpiresAt, Table.Row("key").AbsoluteAt), Is.EqualTo((end, (long?)end)));
    }

    [TestCase("repeatable read")]
    [TestCase("serializable")]
    public async Task The_databases_default_isolation_does_not_matter(string isolation)
    {
        Use(options => options.ConnectionString += $";Options=-c default_transaction_isolation={isolation.Replace(" ", "\\ ", StringComparison.Ordinal)}");
        var other = NewNode();
        for (var round = 0; round < 20; round++)
        {
            Legacy.Put("key", Value, Soon);
            await Task.WhenAll(
                Task.Run(() => Cache.GetAsync("key")),
                Task.Run(() => other.Cache.GetAsync("key")),
                Task.Run(() => Cache.RemoveAsync("key")));
            Assert.That((Legacy.Count(), Table.Count()), Is.EqualTo((0, 0)), $"round {round}");
        }
    }
}
