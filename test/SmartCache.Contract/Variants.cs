using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;
using NUnit.Framework.Internal.Builders;

namespace SmartCache.Contract;

/// <summary>The test ends in statements that another test runs on every release. It runs on the newest release only, and not on MySQL.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NewestReleaseAttribute() : CategoryAttribute(Mark)
{
    public const string Mark = "NewestRelease";
}

/// <summary>Another fixture takes the same path through the code. That one runs in every build, this one in the nightly build only.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class NightlyAttribute() : CategoryAttribute(Mark)
{
    public const string Mark = "Nightly";
}

/// <summary>The fixtures of a contract, one for each variant.</summary>
[AttributeUsage(AttributeTargets.Class)]
public abstract class VariantsAttribute(params TestFixtureAttribute[] fixtures) : NUnitAttribute, IFixtureBuilder2
{
    public bool AnyByDay => Array.Exists(fixtures, static fixture => fixture.Category?.Contains(NightlyAttribute.Mark, StringComparison.Ordinal) != true);

    public IEnumerable<TestSuite> BuildFrom(ITypeInfo typeInfo) => fixtures.SelectMany(fixture => fixture.BuildFrom(typeInfo));

    public IEnumerable<TestSuite> BuildFrom(ITypeInfo typeInfo, IPreFilter filter) => fixtures.SelectMany(fixture => fixture.BuildFrom(typeInfo, filter));

    protected static TestFixtureAttribute Fixture(bool byDay, CallStyle style, params object[] more)
    {
        var fixture = new TestFixtureAttribute([style, .. more]);
        var categories = new[] { byDay ? "" : NightlyAttribute.Mark, style == CallStyle.Synchronous ? NewestReleaseAttribute.Mark : "" }.Where(static mark => mark.Length > 0);
        if (string.Join(',', categories) is { Length: > 0 } category)
            fixture.Category = category;

        return fixture;
    }
}

/// <summary>Synchronous and asynchronous callers. The server sees the same statements from both.</summary>
/// <param name="differ">Whether the two take different paths through the code.</param>
public sealed class StyleVariantsAttribute(bool differ) : VariantsAttribute(
    Fixture(byDay: true, CallStyle.Asynchronous), Fixture(byDay: differ, CallStyle.Synchronous));

/// <summary>Both styles in both concurrency modes. Two of the four cover each style and each mode.</summary>
/// <param name="differ">Whether the variants take different paths through the code.</param>
public sealed class SessionVariantsAttribute(bool differ) : VariantsAttribute(
    Fixture(byDay: true, CallStyle.Asynchronous, ConcurrencyMode.Optimistic),
    Fixture(byDay: differ, CallStyle.Synchronous, ConcurrencyMode.Pessimistic),
    Fixture(byDay: false, CallStyle.Asynchronous, ConcurrencyMode.Pessimistic),
    Fixture(byDay: false, CallStyle.Synchronous, ConcurrencyMode.Optimistic));

/// <summary>Every build tries each pair of values, the nightly build all combinations.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PairsByDayAttribute() : CombiningStrategyAttribute(new CombinatorialStrategy(), new ParameterDataSourceProvider()), ITestBuilder
{
    IEnumerable<TestMethod> ITestBuilder.BuildFrom(IMethodInfo method, Test? suite)
    {
        var byDay = new PairwiseAttribute().BuildFrom(method, suite).Select(static test => test.Arguments).ToList();
        foreach (var test in new CombinatorialAttribute().BuildFrom(method, suite))
        {
            if (!byDay.Exists(arguments => arguments.SequenceEqual(test.Arguments)))
                test.Properties.Add(PropertyNames.Category, NightlyAttribute.Mark);

            yield return test;
        }
    }
}
