using SmartCache.Contract.Engines;

namespace SmartCache.Contract;

/// <summary>No engine leaves a contract out.</summary>
public abstract class CompletenessContract<TEngine>
    where TEngine : TestEngine, new()
{
    [Test]
    public void Every_contract_is_run_on_this_engine()
    {
        var contracts = typeof(CompletenessContract<>).Assembly.GetTypes().Where(IsContract).Where(contract => !MayBeLeftOut(contract)).ToList();
        var missing = contracts.Where(contract => !GetType().Assembly.GetTypes().Any(fixture => Runs(fixture, contract))).Select(contract => contract.Name);

        Assert.That(contracts, Is.Not.Empty);
        Assert.That(missing, Is.Empty);
    }

    /// <summary>Whether a contract looks at nothing in which this engine differs from another that is tested in full.</summary>
    protected virtual bool MayBeLeftOut(Type contract) => false;

    /// <summary>An abstract fixture over engines of this kind that has tests; those without are only bases of others.</summary>
    private static bool IsContract(Type type) =>
        type.IsAbstract && type.IsGenericTypeDefinition
        && type.GetGenericArguments().SelectMany(argument => argument.GetGenericParameterConstraints()).Any(IsOfThisKind)
        && Array.Exists(type.GetMethods(), method => method.DeclaringType == type && method.GetCustomAttributes(inherit: false).Any(IsTest));

    private static bool IsOfThisKind(Type constraint) =>
        typeof(TestEngine).IsAssignableFrom(constraint) && constraint.IsAssignableFrom(typeof(TEngine));

    private static bool IsTest(object attribute) => attribute is NUnit.Framework.Interfaces.ITestBuilder or NUnit.Framework.Interfaces.ISimpleTestBuilder;

    private static bool Runs(Type fixture, Type contract)
    {
        for (var type = fixture; type is not null; type = type.BaseType)
        {
            if (type.IsGenericType && type.GetGenericTypeDefinition() == contract && type.GetGenericArguments().Contains(typeof(TEngine)))
            {
                return !fixture.IsAbstract;
            }
        }

        return false;
    }
}
