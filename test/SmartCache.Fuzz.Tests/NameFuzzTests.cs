using SmartCache.MySql;
using SmartCache.Postgres;
using SmartCache.Sql;
using SmartCache.Sqlite;

namespace SmartCache.Fuzz;

/// <summary>A name from the options is refused, or stands in every statement within its quotes and nowhere else.</summary>
public sealed class NameFuzzTests
{
    private static readonly SqlDialect[] Dialects = [new SqliteDialect(new SmartSqliteCacheOptions()), new PostgresDialect(new SmartPostgresCacheOptions()), new MySqlDialect(new SmartMySqlCacheOptions())];

    private static readonly string[] Attacks =
    [
        "x\"; DROP TABLE y; --", "x`; DROP TABLE y; -- ", "x'); DELETE FROM y; --", "x]; y", "x\"\"y", "x``y", "x''y", "x\\", "x\0y", "@crc", "@@version", "x;y", "x.y", "$1", ":x", "?",
        "/* x */", "-- x", "x -- y", "x$$y", "#x", "x\ny", "x\u2028y", "ｘ", "х", "x\u0000\"", "%s", "{0}", "x\u202Ey", "\uFF02", "ʺ", "＇", "＂; DROP TABLE y; --",
    ];

    [Test]
    public void A_name_is_refused_or_cannot_leave_its_quotes() => Cases.Run(static random =>
    {
        var name = random.Next(3) switch
        {
            0 => random.Pick(Attacks),
            1 => Texts.Draw(random, isWellFormed: false),
            _ => new string(random.GetItems("aZ09_$- \"'`;@\\.".AsSpan(), random.Size(80))),
        };
        foreach (var dialect in Dialects)
        {
            if (dialect.FindFault(name) is null)
            {
                CheckQuoted(dialect, name);
            }
            else
            {
                Assert.That(() => new CacheTable(dialect, null, name, new CacheColumns()), Throws.ArgumentException);
                Assert.That(() => new CacheTable(dialect, name, "t", new CacheColumns()), Throws.ArgumentException);
                Assert.That(() => new CacheTable(dialect, null, "t", new CacheColumns { Version = name }), Throws.ArgumentException);
            }
        }
    });

    [Test]
    public void Attacks_are_refused_but_for_those_that_quotes_hold()
    {
        foreach (var dialect in Dialects)
            Assert.That(Attacks.Where(name => dialect.FindFault(name) is null), Is.EquivalentTo(new[] { "$1", "-- x", "x -- y", "x$$y" }), dialect.EngineName);
    }

    [Test]
    public void Every_name_of_the_options_is_looked_at()
    {
        foreach (var options in Engines())
        {
            foreach (var name in options.GetType().GetProperties().Where(static property => property.Name is "TableName" or "SchemaName"))
            {
                var previous = name.GetValue(options);
                name.SetValue(options, "x\"`'; DROP TABLE y");
                Assert.That(options.CreateTableScript, Throws.ArgumentException, name.Name);
                name.SetValue(options, previous);
            }

            foreach (var column in typeof(CacheColumns).GetProperties())
            {
                options.Columns = new CacheColumns();
                column.SetValue(options.Columns, "x\"`'; DROP TABLE y");
                Assert.That(options.CreateTableScript, Throws.ArgumentException, column.Name);
            }
        }
    }

    private static IEnumerable<SmartCacheOptions> Engines() => [new SmartSqliteCacheOptions(), new SmartPostgresCacheOptions(), new SmartMySqlCacheOptions()];

    private static void CheckQuoted(SqlDialect dialect, string name)
    {
        Assert.That(name.Length, Is.InRange(1, 64));
        Assert.That(name, Does.Match("^[A-Za-z0-9_$-]([A-Za-z0-9_$ -]*[A-Za-z0-9_$-])?$"));
        Assert.That(dialect.Quote(name)[1..^1], Is.EqualTo(name));
        var table = new CacheTable(dialect, name, name, new CacheColumns { Version = name });
        foreach (var statement in new[] { dialect.Insert(table), dialect.Upsert(table), dialect.RemoveExpired(table) })
        {
            // Nothing in the name is taken for a value, and where it stands it is quoted.
            Assert.That(() => new SqlStatement(statement, dialect), Throws.Nothing);
            Assert.That(statement, Does.Contain(dialect.Quote(name)));
        }
    }
}
