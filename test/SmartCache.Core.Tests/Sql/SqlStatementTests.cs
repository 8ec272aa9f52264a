using System.Data;
using SmartCache.Primitives;
using SmartCache.Sql;

namespace SmartCache.Core.Tests.Sql;

public sealed class SqlStatementTests
{
    [Test]
    public void Values_are_taken_in_the_order_in_which_the_text_first_names_them()
    {
        var statement = new SqlStatement("UPDATE t SET v = @value WHERE c = @crc AND k = @key AND @crc > 0", new TestDialect());

        Assert.That(statement.Text, Is.EqualTo("UPDATE t SET v = @value WHERE c = @crc AND k = @key AND @crc > 0"));
        Assert.That(statement.Values, Is.EqualTo(new[] { "value", "crc", "key" }));
    }

    [Test]
    public void A_driver_that_counts_gets_the_same_number_for_the_same_value()
    {
        var statement = new SqlStatement("SELECT @now, @old_version, @now, @key", new PositionalDialect());

        Assert.That(statement.Text, Is.EqualTo("SELECT $1, $2, $1, $3"));
        Assert.That(statement.Values, Is.EqualTo(new[] { "now", "old_version", "key" }));
    }

    [Test]
    public void A_marker_may_be_more_than_the_name_by_which_the_driver_knows_the_value()
    {
        var statement = new SqlStatement("SELECT @now, @key, @now", new CastingDialect());

        Assert.That(statement.Text, Is.EqualTo("SELECT CAST(@now AS BIGINT), CAST(@key AS BIGINT), CAST(@now AS BIGINT)"));
        Assert.That(statement.Values, Is.EqualTo(new[] { "now", "key" }));
    }

    [Test]
    public void A_name_that_begins_like_another_is_its_own() =>
        Assert.That(
            new SqlStatement("@version @old_version @from_crc @crc", new TestDialect()).Values,
            Is.EqualTo(new[] { "version", "old_version", "from_crc", "crc" }));

    [Test]
    public void Every_value_can_be_named()
    {
        Assert.That(SqlValues.ByName, Is.Not.Empty);
        foreach (var name in SqlValues.ByName.Keys)
            Assert.That(new SqlStatement($"SELECT @{name}", new TestDialect()).Values, Is.EqualTo(new[] { name }));
    }

    [TestCase("@unknown")]
    [TestCase("@keys")]
    [TestCase("@_")]
    [TestCase("@_array")]
    [TestCase("@_1")]
    [TestCase("@unknown_1")]
    [TestCase("@unknown_array")]
    [TestCase("@crc_")]
    [TestCase("@crc_one")]
    [TestCase("@crc_1_2")]
    [TestCase("@crc_99999999999")]
    public void A_value_of_an_unknown_name_is_an_error_that_names_it(string name) =>
        Assert.That(() => new SqlStatement($"SELECT {name}", new TestDialect()), Throws.ArgumentException.With.Message.Contains(name));

    [Test]
    public void A_text_without_values_stays_as_it_is()
    {
        var statement = new SqlStatement("COMMIT", new TestDialect());

        Assert.That(statement.Text, Is.EqualTo("COMMIT"));
        Assert.That(statement.Values, Is.Empty);
    }

    [Test]
    public void Every_value_has_a_type_that_suits_what_is_given_for_it()
    {
        var arguments = new SqlValues
        {
            Key = CacheKey.From("key"),
            Value = [1],
            Recent = default(RecentVersions).With(5, 6),
            Lifetime = new Lifetime(3, 2, 1),
            Owner = "alice",
            Touches = "[]",
        };

        foreach (var (name, value) in SqlValues.ByName)
        {
            var expected = value.Type switch
            {
                DbType.Binary => typeof(byte[]),
                DbType.Int32 => typeof(int),
                DbType.Int64 => typeof(long),
                DbType.String => typeof(string),
                var other => throw new NotSupportedException($"{other}"),
            };

            Assert.That(value.Pick(in arguments), Is.TypeOf(expected), name);
        }
    }

    [Test]
    public void A_crc_is_given_without_sign()
    {
        var key = CacheKey.From("123456789");

        Assert.That(Pick("crc", new SqlValues { Key = key }), Is.EqualTo(0xCBF43926L));
    }

    [Test]
    public void A_lifetime_without_window_or_absolute_end_gives_nulls()
    {
        var arguments = new SqlValues { Lifetime = new Lifetime(3, null, null) };

        Assert.That(Pick("sliding_ms", arguments), Is.Null);
        Assert.That(Pick("absolute_at", arguments), Is.Null);
        Assert.That(Pick("expires_at", arguments), Is.EqualTo(3L));
    }

    [Test]
    public void A_name_with_a_number_is_the_value_of_that_row_or_of_the_last_one()
    {
        var values = Rows(11, 22, 33);

        Assert.That(
            new[] { "version_0", "version_1", "version_2", "version_3", "version_63" }.Select(name => PickAny(name, values)),
            Is.EqualTo(new object[] { 11L, 22L, 33L, 33L, 33L }));
        Assert.That(PickAny("old_version_1", values), Is.EqualTo(-22L), "the name may have more than one word");
        Assert.That(PickAny("version", values), Is.EqualTo(5L), "without a number it is the statement's own");
        Assert.That((SqlValues.Find("format_0").Type, SqlValues.Find("key_0").Type), Is.EqualTo((DbType.Int32, DbType.Binary)));
    }

    [Test]
    public void A_name_of_an_array_has_the_values_of_all_rows_in_order()
    {
        var values = Rows(11, 22, 33);
        values.Rows![1].Lifetime = new Lifetime(3, 2, 1);

        Assert.That(PickAny("version_array", values), Is.TypeOf<long?[]>().And.EqualTo(new long?[] { 11, 22, 33 }));
        Assert.That(PickAny("sliding_ms_array", values), Is.TypeOf<long?[]>().And.EqualTo(new long?[] { null, 2, null }));
        Assert.That(PickAny("format_array", values), Is.TypeOf<int?[]>().And.EqualTo(new int?[] { 1, 1, 1 }));
        Assert.That(PickAny("value_array", values), Is.TypeOf<byte[][]>().And.EqualTo(new byte[][] { [11], [22], [33] }));
        Assert.That(PickAny("recent_versions_array", values), Is.EqualTo(new byte[]?[] { null, null, null }));
        Assert.That(PickAny("crc_array", values), Is.EqualTo(values.Rows!.Select(static row => (long?)row.Key.Crc)));
        Assert.That(SqlValues.Find("version_array").Type, Is.Null, "the driver infers it");
    }

    [Test]
    public void A_statement_about_several_rows_names_values_of_each()
    {
        var statement = new SqlStatement("SELECT @crc_0, @key_0, @crc_10, @crc_1, @now, @key_array, @crc_1", new PositionalDialect());

        Assert.That(statement.Text, Is.EqualTo("SELECT $1, $2, $3, $4, $5, $6, $4"));
        Assert.That(statement.Values, Is.EqualTo(new[] { "crc_0", "key_0", "crc_10", "crc_1", "now", "key_array" }));
    }

    private static SqlValues Rows(params long[] versions) => new()
    {
        Version = 5,
        Rows = Array.ConvertAll(versions, static version => new SqlValues
        {
            Key = CacheKey.From($"{version}"),
            Value = [(byte)version],
            Format = 1,
            Version = version,
            OldVersion = -version,
        }),
    };

    private static object? PickAny(string name, SqlValues values) => SqlValues.Find(name).Pick(in values);

    private static object? Pick(string name, SqlValues values) => SqlValues.ByName[name].Pick(in values);
}
