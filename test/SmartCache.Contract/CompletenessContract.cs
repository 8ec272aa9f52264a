using System.Reflection;
using NUnit.Framework.Interfaces;

namespace SmartCache.Contract;

/// <summary>No engine leaves a contract out, and no contract waits for the nightly build unless its engine says so.</summary>
public abstract class CompletenessContract<TEngine>
    where TEngine : TestEngine, new()
{
    private List<Type> Contracts => [.. typeof(CompletenessContract<>).Assembly.GetTypes().Where(IsContract).Where(contract => !MayBeLeftOut(contract))];

    [Test]
    public void Every_contract_runs_on_this_engine()
    {
        Assert.That(Contracts, Is.Not.Empty);
        Assert.That(Contracts.Where(contract => !Fixtures(contract).Any()), Is.Empty);
    }

    [Test]
    public void Every_build_runs_the_contracts_that_this_engine_makes_a_difference_to() =>
        Assert.That(Contracts.Where(contract => Fixtures(contract).Any(IsInEveryBuild)), Is.EquivalentTo(Contracts.Where(DiffersOnThisEngine)));

    /// <summary>Whether a contract looks at nothing in which this engine differs from another that is tested in full.</summary>
    protected virtual bool MayBeLeftOut(Type contract) => false;

    /// <summary>Whether a contract takes another path through the code on this engine, and so runs in every build.</summary>
    protected virtual bool DiffersOnThisEngine(Type contract) => true;

    /// <summary>An abstract fixture over engines of this kind that has tests; those without are only bases of others.</summary>
    private static bool IsContract(Type type) =>
        type.IsAbstract && type.IsGenericTypeDefinition && type != typeof(CompletenessContract<>)
        && type.GetGenericArguments().SelectMany(argument => argument.GetGenericParameterConstraints()).Any(IsOfThisKind)
        && Array.Exists(type.GetMethods(), method => method.DeclaringType == type && method.GetCustomAttributes(inherit: false).Any(IsTest));

    private static bool IsOfThisKind(Type constraint) =>
        typeof(TestEngine).IsAssignableFrom(constraint) && constraint.IsAssignableFrom(typeof(TEngine));

    private static bool IsTest(object attribute) => attribute is ITestBuilder or ISimpleTestBuilder;

    private IEnumerable<Type> Fixtures(Type contract) => GetType().Assembly.GetTypes().Where(fixture => !fixture.IsAbstract && Bases(fixture).Any(type =>
        type.IsGenericType && type.GetGenericTypeDefinition() == contract && type.GetGenericArguments().Contains(typeof(TEngine))));

    private static bool IsInEveryBuild(Type fixture) =>
        !fixture.IsDefined(typeof(NightlyAttribute), inherit: true)
        && Bases(fixture).Select(type => type.GetCustomAttribute<VariantsAttribute>(inherit: false)).FirstOrDefault(variants => variants is not null)?.AnyByDay != false;

    private static IEnumerable<Type> Bases(Type? type)
    {
        for (; type is not null; type = type.BaseType)
            yield return type;
    }
}
