namespace SmartCache.Postgres.Tests;

public sealed class SchemaRightTests(CallStyle style) : StyledContract<PostgresEngine>(style)
{
    private const string Role = "least";

    [Test]
    public async Task A_role_that_may_not_create_schemas_works_in_one_that_exists()
    {
        var schema = $"the {Table.Name}-schema";
        Table.Run($"{Engine.CreateAccount(Role)}; CREATE SCHEMA \"{schema}\"; GRANT USAGE, CREATE ON SCHEMA \"{schema}\" TO {Role}");
        try
        {
            var node = NewNode(options =>
            {
                options.ConnectionString += Engine.ConnectAs(Role);
                ((SmartPostgresCacheOptions)options).SchemaName = schema;
            });
            await node.Cache.SetAsync("page", [1], Expires.ByDefault);

            Assert.That(await node.Cache.GetAsync("page"), Is.EqualTo(new byte[] { 1 }));
            Assert.That(Table.Ask($"SELECT COUNT(*) FROM \"{schema}\".{{0}}"), Is.EqualTo(1));
            Assert.That(Table.Count(), Is.Zero, "it is not the table of that name elsewhere");
        }
        finally
        {
            Table.Run($"DROP SCHEMA \"{schema}\" CASCADE; {Engine.DropAccount(Role)}");
        }
    }
}
