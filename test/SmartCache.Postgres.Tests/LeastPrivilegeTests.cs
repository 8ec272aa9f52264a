using Npgsql;
using SmartCache.Contract;
using SmartCache.Contract.Nodes;
using SmartCache.Contract.Values;

namespace SmartCache.Postgres.Tests;

/// <summary>The app's role needs no more than the documented rights on a table that is there.</summary>
public sealed class LeastPrivilegeTests(CallStyle style) : StyledContract<PostgresEngine>(style)
{
    private const string Role = "least";

    private readonly CallStyle _style = style;

    [SetUp]
    public void CreateRole() => Table.Run($"CREATE ROLE {Role} LOGIN PASSWORD '{Role}'");

    [TearDown]
    public void DropRole() => Table.Run($"DROP OWNED BY {Role}; DROP ROLE {Role}");

    [Test]
    public async Task Four_rights_on_the_table_are_enough()
    {
        Table.Run($"GRANT SELECT, INSERT, UPDATE, DELETE ON {{0}} TO {Role}");
        var node = NewNode(AsLeast);
        await node.Cache.SetAsync("page", [1], Expires.Sliding(TimeSpan.FromMinutes(20)));
        await StoreBesideAnotherAsync(node);
        Time.Advance(TimeSpan.FromMinutes(10));
        Assert.That(await node.Cache.GetAsync("page"), Is.EqualTo(new byte[] { 1 }));
        await node.Inner.FlushAsync();

        Assert.That(Table.Row("page").ExpiresAt, Is.EqualTo(Time.Milliseconds + 1_200_000), "the access is written");
        Assert.That(Table.Entries("session"), Is.EqualTo("a=1 b=2"));
        await node.Cache.RemoveAsync("page");
        Assert.That(Table.Find("page"), Is.Null);
        Time.Advance(TimeSpan.FromHours(1));
        Assert.That(await node.Inner.RemoveExpiredAsync(), Is.EqualTo(1));
    }

    [Test]
    public async Task A_role_that_may_not_create_schemas_works_in_one_that_exists()
    {
        var schema = $"the {Table.Name}-schema";
        Table.Run($"CREATE SCHEMA \"{schema}\"; GRANT USAGE, CREATE ON SCHEMA \"{schema}\" TO {Role}");
        try
        {
            var node = NewNode(options =>
            {
                AsLeast(options);
                ((SmartPostgresCacheOptions)options).SchemaName = schema;
            });
            await node.Cache.SetAsync("page", [1], Expires.ByDefault);

            Assert.That(await node.Cache.GetAsync("page"), Is.EqualTo(new byte[] { 1 }));
            Assert.That(Table.Ask($"SELECT COUNT(*) FROM \"{schema}\".{{0}}"), Is.EqualTo(1));
            Assert.That(Table.Count(), Is.Zero, "it is not the table of that name elsewhere");
        }
        finally
        {
            Table.Run($"DROP SCHEMA \"{schema}\" CASCADE");
        }
    }

    [Test]
    public async Task A_role_that_may_not_create_the_table_says_so_and_works_once_it_is_there()
    {
        var own = NewTable();
        await using var node = new Node(Engine, own.Name, Time, _style, AsLeast);
        Assert.That(
            () => node.Cache.GetAsync("page"),
            Throws.InstanceOf<PostgresException>().With.Property(nameof(PostgresException.SqlState)).EqualTo(PostgresErrorCodes.InsufficientPrivilege));
        try
        {
            await using (var owner = new Node(Engine, own.Name, Time, _style))
            {
                await owner.Cache.GetAsync("creates the table");
            }

            own.Run($"GRANT SELECT, INSERT, UPDATE, DELETE ON {{0}} TO {Role}");
            await node.Cache.SetAsync("page", [1], Expires.ByDefault);

            Assert.That(own.Row("page").Value, Is.EqualTo(new byte[] { 1 }));
        }
        finally
        {
            own.Drop();
        }
    }

    private static void AsLeast(SmartCacheOptions options) => options.ConnectionString += $";Username={Role};Password={Role}";

    private static async Task StoreBesideAnotherAsync(Node node)
    {
        var slow = new Contract.Requests.SimulatedRequest(node, "session");
        await slow.LoadAsync();
        var quick = new Contract.Requests.SimulatedRequest(node, "session");
        await quick.SetAsync("a", "1");
        await quick.EndAsync();
        await slow.SetAsync("b", "2");
        await slow.EndAsync();
    }
}
