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

    private static object? Pick(string name, SqlValues values) => SqlValues.ByName[name].Pick(in values);
}
