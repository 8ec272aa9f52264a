using Npgsql;

namespace SmartCache.Postgres.Tests;

/// <summary>What only PostgreSQL offers.</summary>
public sealed class TableOptionTests(CallStyle style) : StyledContract<PostgresEngine>(style)
{
    private readonly CallStyle _style = style;

    [TestCase(false, "p", 80)]
    [TestCase(true, "u", 55)]
    public async Task The_table_is_made_as_the_options_say(bool unlogged, string persistence, int fillFactor)
    {
        var own = NewTable();
        await using var node = new Node(Engine, own.Name, Time, _style, options =>
        {
            if (unlogged)
                (((SmartPostgresCacheOptions)options).Unlogged, ((SmartPostgresCacheOptions)options).FillFactor) = (true, fillFactor);
        });
        await node.Cache.GetAsync("creates the table");

        Assert.That(
            own.List($"SELECT relpersistence::text || ' ' || array_to_string(reloptions, ' ') FROM pg_class WHERE relname = '{own.Name}'"),
            Is.EqualTo(new[] { $"{persistence} fillfactor={fillFactor}" }));
    }

    [Test]
    public async Task A_data_source_of_the_apps_own_is_used_and_not_disposed([Values] bool fromServices)
    {
        await using var source = NpgsqlDataSource.Create($"{Engine.ConnectionString};Application Name=the app's own");
        var services = new ServiceCollection();
        if (fromServices)
            services.AddSingleton(source);

        services.AddSmartPostgresCache(options =>
        {
            options.TableName = Table.Name;
            options.DataSource = fromServices ? null : source;
        });
        var provider = services.BuildServiceProvider();
        var cache = provider.GetRequiredService<SmartDistributedCache>();
        await new StyledCache(cache, _style).SetAsync("page", [1], Expires.ByDefault);
        Assert.That(Table.Ask("SELECT COUNT(*) FROM pg_stat_activity WHERE application_name = 'the app''s own'"), Is.Positive);
        await cache.DisposeAsync();

        await using var connection = await source.OpenConnectionAsync();
        Assert.That(connection.State, Is.EqualTo(System.Data.ConnectionState.Open));
        Assert.That(Table.Row("page").Value, Is.EqualTo(new byte[] { 1 }));
    }

    [Test]
    public async Task A_flush_passes_over_a_locked_row_and_writes_it_later()
    {
        await Cache.SetAsync("locked", [1], Expires.Sliding(TimeSpan.FromMinutes(20)));
        await Cache.SetAsync("free", [1], Expires.Sliding(TimeSpan.FromMinutes(20)));
        var before = Table.Row("locked").ExpiresAt;
        Time.Advance(TimeSpan.FromMinutes(10));
        await Cache.RefreshAsync("locked");
        await Cache.RefreshAsync("free");
        var after = Time.Milliseconds + 1_200_000;
        await using (var other = Engine.OpenConnection())
        {
            await using var transaction = await other.BeginTransactionAsync();
            Assert.That(other.Ask($"SELECT 1 FROM {Engine.Quote(Table.Name)} WHERE cache_key = 'locked'::bytea FOR UPDATE"), Is.EqualTo(1));
            await Node.Inner.FlushAsync().WaitAsync(TimeSpan.FromSeconds(10));

            Assert.That((Table.Row("locked").ExpiresAt, Table.Row("free").ExpiresAt), Is.EqualTo((before, after)));
        }

        await Node.Inner.FlushAsync();
        Assert.That(Table.Row("locked").ExpiresAt, Is.EqualTo(after));
    }

    [Test]
    public async Task Two_caches_create_their_tables_in_a_new_schema_at_the_same_time()
    {
        var schema = $"{Table.Name}-new";
        try
        {
            await using var other = Engine.OpenConnection();
            var transaction = await other.BeginTransactionAsync();
            other.Run($"CREATE SCHEMA \"{schema}\"");
            var read = Task.Run(() => NewNode(options => ((SmartPostgresCacheOptions)options).SchemaName = schema).Cache.GetAsync("creates the table"));
            Assert.That(() => Engine.CountWaiting(Table), Is.EqualTo(1).After(30).Seconds.PollEvery(10).MilliSeconds, "it waits for the other cache");
            await transaction.CommitAsync();

            Assert.That(async () => await read, Is.Null);
        }
        finally
        {
            Table.Run($"DROP SCHEMA IF EXISTS \"{schema}\" CASCADE");
        }
    }

    [Test]
    public async Task A_role_that_may_not_create_schemas_works_in_one_that_exists()
    {
        var schema = $"the {Table.Name}-schema";
        Table.Run($"{Engine.CreateAccount("least")}; CREATE SCHEMA \"{schema}\"; GRANT USAGE, CREATE ON SCHEMA \"{schema}\" TO least");
        try
        {
            var node = NewNode(options =>
            {
                options.ConnectionString += Engine.ConnectAs("least");
                ((SmartPostgresCacheOptions)options).SchemaName = schema;
            });
            await node.Cache.SetAsync("page", [1], Expires.ByDefault);

            Assert.That(await node.Cache.GetAsync("page"), Is.EqualTo(new byte[] { 1 }));
            Assert.That(Table.Ask($"SELECT COUNT(*) FROM \"{schema}\".{{0}}"), Is.EqualTo(1));
            Assert.That(Table.Count(), Is.Zero, "it is not the table of that name elsewhere");
        }
        finally
        {
            Table.Run($"DROP SCHEMA \"{schema}\" CASCADE; {Engine.DropAccount("least")}");
        }
    }
}
