using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SmartCache.Registration;

namespace SmartCache.Core.Tests;

public sealed class OptionsValidationTests
{
    private static readonly (string Option, string Detail, Action<TestOptions> Spoil)[] Faults =
    [
        (nameof(SmartCacheOptions.ConnectionString), "", static options => options.ConnectionString = " "),
        (nameof(SmartCacheOptions.TableName), "", static options => options.TableName = "a\"; DROP TABLE"),
        (nameof(SmartCacheOptions.TableName), "missing", static options => options.TableName = null!),
        (nameof(SmartCacheOptions.Columns), "missing", static options => options.Columns = null!),
        ("Columns.Value", "", static options => options.Columns.Value = ""),
        ("Columns.UpdatedAt", "", static options => options.Columns.UpdatedAt = "CREATED_AT"),
        (nameof(SmartCacheOptions.Concurrency), "", static options => options.Concurrency = (ConcurrencyMode)7),
        (nameof(SmartCacheOptions.RefreshMode), "", static options => options.RefreshMode = (RefreshMode)(-1)),
        (nameof(SmartCacheOptions.RemovedDuringRequest), "", static options => options.RemovedDuringRequest = (RemovedSessionPolicy)2),
        (nameof(SmartCacheOptions.PayloadFormat), "", static options => options.PayloadFormat = (PayloadFormat)2),
        (nameof(SmartCacheOptions.DefaultSlidingExpiration), "", static options => options.DefaultSlidingExpiration = TimeSpan.Zero),
        (nameof(SmartCacheOptions.ExpiredRemovalInterval), "", static options => options.ExpiredRemovalInterval = TimeSpan.FromSeconds(0.999)),
        (nameof(SmartCacheOptions.ExpiredRemovalInterval), "too long", static options => options.ExpiredRemovalInterval = TimeSpan.FromDays(31)),
        (nameof(SmartCacheOptions.ExpiredRemovalBatchSize), "", static options => options.ExpiredRemovalBatchSize = 0),
        (nameof(SmartCacheOptions.ExpiredRemovalGracePeriod), "", static options => options.ExpiredRemovalGracePeriod = TimeSpan.FromSeconds(60.999)),
        (nameof(SmartCacheOptions.ExpiredRemovalGracePeriod), "too long", static options => options.ExpiredRemovalGracePeriod = TimeSpan.FromDays(366)),
        (nameof(SmartCacheOptions.MaxRetryDuration), "", static options => options.MaxRetryDuration = TimeSpan.FromTicks(-1)),
        (nameof(SmartCacheOptions.MaxRetryDuration), "too long", static options => options.MaxRetryDuration = TimeSpan.FromMinutes(6)),
        (nameof(SmartCacheOptions.CircuitBreakDuration), "", static options => options.CircuitBreakDuration = TimeSpan.FromMilliseconds(499)),
        (nameof(SmartCacheOptions.CircuitBreakDuration), "too long", static options => options.CircuitBreakDuration = TimeSpan.FromDays(2)),
        (
            nameof(SmartCacheOptions.CircuitBreakDuration),
            "beside a pipeline",
            static options => (options.CircuitBreakDuration, options.Resilience) = (TimeSpan.FromSeconds(5), static _ => { })),
        (nameof(SmartCacheOptions.Merge), "missing", static options => options.Merge = null!),
        (nameof(SmartCacheOptions.MaxValueSize), "", static options => options.MaxValueSize = 0),
        (nameof(SmartCacheOptions.CompressionThreshold), "", static options => options.CompressionThreshold = 0),
        (nameof(SmartCacheOptions.RequireProtectedPayload), "", static options => options.RequireProtectedPayload = true),
    ];

    private static IEnumerable<TestCaseData> FaultyOptions =>
        Faults.Select(static fault => new TestCaseData(fault.Option, fault.Spoil).SetArgDisplayNames($"{fault.Option} {fault.Detail}".TrimEnd()));

    [Test]
    public void The_defaults_with_a_connection_string_are_valid() => Assert.That(Validate(Valid()).Succeeded, Is.True);

    [TestCaseSource(nameof(FaultyOptions))]
    public void An_option_that_cannot_work_is_named(string option, Delegate spoil)
    {
        var options = Valid();
        ((Action<TestOptions>)spoil)(options);

        var result = Validate(options);

        Assert.That(result.Failures, Has.Exactly(1).Items);
        Assert.That(result.FailureMessage, Does.StartWith($"{nameof(TestOptions)}.{option} ").And.EndsWith("."));
    }

    [Test]
    public void Encryption_needs_Data_Protection()
    {
        var options = Valid();
        options.ProtectPayload = true;
        Assert.That(Validate(options).Succeeded, Is.True);

        using var none = new ServiceCollection().BuildServiceProvider();
        var result = new SmartCacheOptionsValidator<TestOptions>(none, static options => options.Dialect).Validate(null, options);

        Assert.That(result.FailureMessage, Does.StartWith($"{nameof(TestOptions)}.{nameof(SmartCacheOptions.ProtectPayload)} ").And.Contains("AddDataProtection"));
    }

    [Test]
    public void What_is_encrypted_cannot_be_readable_as_well()
    {
        var options = Valid();
        (options.ProtectPayload, options.PayloadFormat) = (true, PayloadFormat.Json);

        Assert.That(
            Validate(options).FailureMessage,
            Does.StartWith($"{nameof(TestOptions)}.{nameof(SmartCacheOptions.ProtectPayload)} ").And.Contains($"{nameof(PayloadFormat)}.Json"));
    }

    [Test]
    public void Every_option_that_cannot_work_is_named_at_once()
    {
        var options = Valid();
        var faults = Faults.Where(static fault => fault.Detail.Length == 0).ToList();
        foreach (var (_, _, spoil) in faults)
            spoil(options);

        var failures = Validate(options).Failures!.ToList();

        Assert.That(failures, Has.Count.EqualTo(faults.Count));
        foreach (var (option, _, _) in faults)
            Assert.That(failures, Has.Exactly(1).StartsWith($"{nameof(TestOptions)}.{option} "), option);
    }

    [Test]
    public void A_connection_string_or_a_data_source_is_needed_and_not_both()
    {
        Assert.That(Failure(options => options.ConnectionString = null), Does.Contain("ConnectionString").And.Contain("DataSource").And.Contain("missing"));
        Assert.That(
            Failure(options => (options.ConnectionString, options.DataSource) = ("Password=secret", new NoDataSource())),
            Does.Contain("ConnectionString").And.Contain("DataSource").And.Contain("both").And.Not.Contain("secret"));
        Assert.That(Failure(options => (options.ConnectionString, options.DataSource) = (null, new NoDataSource())), Is.Null);
    }

    [TestCase(nameof(SmartCacheOptions.ExpiredRemovalBatchSize), 1, 100_000)]
    [TestCase(nameof(SmartCacheOptions.MaxValueSize), 1, 1 << 30)]
    [TestCase(nameof(SmartCacheOptions.CompressionThreshold), 1, 1 << 30)]
    public void A_size_is_valid_up_to_its_limits_and_a_fault_beyond_them(string option, int least, int most)
    {
        string? FailureOf(int size) => Failure(options => typeof(SmartCacheOptions).GetProperty(option)!.SetValue(options, size));

        Assert.That((FailureOf(least), FailureOf(most)), Is.EqualTo(((string?)null, (string?)null)));
        Assert.That(FailureOf(-1), Does.Contain("-1"));
        Assert.That(FailureOf(most + 1), Does.Contain($"{most + 1}"));
    }

    [Test]
    public void The_shortest_times_are_valid_and_removing_expired_rows_may_be_turned_off()
    {
        Assert.That(
            Failure(options =>
            {
                options.DefaultSlidingExpiration = TimeSpan.FromTicks(1);
                options.ExpiredRemovalInterval = TimeSpan.FromSeconds(1);
                options.ExpiredRemovalGracePeriod = TimeSpan.FromSeconds(61);
            }),
            Is.Null);
        Assert.That(Failure(static options => options.ExpiredRemovalInterval = null), Is.Null);
    }

    [Test]
    public void What_the_engine_finds_is_reported_with_the_rest()
    {
        var options = new TestOptions { ConnectionString = "Server=here", MaxValueSize = 0, Dialect = new FaultFindingDialect() };

        Assert.That(Validate(options).Failures, Has.Exactly(2).Items.And.Some.EqualTo("The engine is out of order."));
    }

    private static TestOptions Valid() => new() { ConnectionString = "Server=here" };

    private static string? Failure(Action<TestOptions> change)
    {
        var options = Valid();
        change(options);
        return Validate(options).FailureMessage;
    }

    private static ValidateOptionsResult Validate(TestOptions options)
    {
        using var services = new ServiceCollection().AddSingleton<IDataProtectionProvider>(new EphemeralDataProtectionProvider()).BuildServiceProvider();
        return new SmartCacheOptionsValidator<TestOptions>(services, static options => options.Dialect).Validate(null, options);
    }

    private sealed class NoDataSource : DbDataSource
    {
        public override string ConnectionString => "";

        protected override DbConnection CreateDbConnection() => throw new NotSupportedException();
    }

    private sealed class FaultFindingDialect : TestDialect
    {
        public override IEnumerable<string> Validate() => ["The engine is out of order."];
    }
}
