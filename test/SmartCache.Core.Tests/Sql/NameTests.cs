namespace SmartCache.Core.Tests.Sql;

/// <summary>Names go into statements as they are, quoted: what could end the quotes is refused.</summary>
public sealed class NameTests
{
    private readonly TestDialect _dialect = new();

    [TestCase("smart_cache")]
    [TestCase("Sessions2025")]
    [TestCase("two words")]
    [TestCase("a-b$c")]
    [TestCase("x")]
    public void Letters_digits_and_a_few_more_are_allowed(string name) => Assert.That(_dialect.FindFault(name), Is.Null);

    [TestCase("a\"b")]
    [TestCase("a[b]")]
    [TestCase("a.b")]
    [TestCase("a\nb")]
    [TestCase("schön")]
    [TestCase(" a")]
    [TestCase("a ")]
    public void Any_other_character_and_outer_blanks_are_refused(string name) =>
        Assert.That(_dialect.FindFault(name), Does.Contain("character"));

    [TestCase(null)]
    [TestCase("")]
    [TestCase("  ")]
    public void A_name_must_be_there(string? name) => Assert.That(_dialect.FindFault(name), Is.EqualTo("is missing"));

    [Test]
    public void A_name_may_be_as_long_as_the_engine_allows_and_no_longer()
    {
        Assert.That(_dialect.FindFault(new string('a', 63)), Is.Null);
        Assert.That(_dialect.FindFault(new string('a', 64)), Does.Contain("64").And.Contain("TestSQL allows 63"));
    }
}
