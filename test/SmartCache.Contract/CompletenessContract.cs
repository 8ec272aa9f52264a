using SmartCache.Contract.Engines;

namespace SmartCache.Contract;

/// <summary>No engine leaves a contract out.</summary>
public abstract class CompletenessContract<TEngine>
    where TEngine : TestEngine, new()
{
    [Test]
    public void Every_contract_is_run_on_this_engine()
    {
        var contracts = typeof(CompletenessContract<>).Assembly.GetTypes().Where(IsContract).ToList();
        var missing = contracts.Where(contract => !GetType().Assembly.GetTypes().Any(fixture => Runs(fixture, contract))).Select(contract => contract.Name);

        Assert.That(contracts, Is.Not.Empty);
        Assert.That(missing, Is.Empty);
    }

    /// <summary>An abstract fixture over an engine that has tests; those without are only bases of others.</summary>
    private static bool IsContract(Type type) =>
        type.IsAbstract && type.IsGenericTypeDefinition
        && Array.Exists(type.GetGenericArguments(), argument => argument.GetGenericParameterConstraints().Contains(typeof(TestEngine)))
        && Array.Exists(type.GetMethods(), method => method.DeclaringType == type && method.GetCustomAttributes(inherit: false).Any(IsTest));

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
