namespace SmartCache.Contract.Setup;

/// <summary>Without its unique key a table would take two rows for one key: that is said at first use, not found out later.</summary>
public abstract class TableKeyContract<TEngine>(CallStyle style) : StyledContract<TEngine>(style)
    where TEngine : TestEngine, new()
{
    [TestCase("")]
    [TestCase("key_crc32")]
    [TestCase("cache_key")]
    [TestCase("key_crc32, cache_key, format")]
    public async Task A_table_without_the_key_is_named_and_used_once_it_has_it(string columns)
    {
        var own = NewTable();
        foreach (var statement in Engine.CopyWithoutKey(Table.Name, own.Name))
            Engine.Alter(statement);

        if (columns.Length > 0)
            own.Alter($"CREATE UNIQUE INDEX {Engine.Quote($"other_{own.Name}")} ON {{0}} ({columns})");

        var node = NewNode(options => options.TableName = own.Name);
        Assert.That(
            () => node.Cache.SetAsync("page", [1], Expires.ByDefault),
            Throws.InvalidOperationException.With.Message.Contains(own.Name).IgnoreCase.And.Message.Contains("(key_crc32, cache_key)"));

        own.Alter($"CREATE UNIQUE INDEX {Engine.Quote($"key_{own.Name}")} ON {{0}} (key_crc32, cache_key)");
        await node.Cache.SetAsync("page", [1], Expires.ByDefault);
        Assert.That(own.Row("page").Value, Is.EqualTo(new byte[] { 1 }));
    }
}
