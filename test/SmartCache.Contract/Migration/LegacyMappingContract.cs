namespace SmartCache.Contract.Migration;

/// <summary>A table described by hand: times as numbers of any kind, names of one's own.</summary>
public abstract class LegacyMappingContract<TEngine>(CallStyle style) : StyledContract<TEngine>(style)
    where TEngine : TestEngine, new()
{
    private static readonly byte[] Value = [0, 1, 2, 255];

    private RawTable _legacy = null!;

    [OneTimeSetUp]
    public void CreateLegacyTable()
    {
        _legacy = new RawTable(Engine, $"{Table.Name}_legacy");
        _legacy.Drop();

        // The engine's own type for bytes, and what every engine calls the others.
        Table.Run($"CREATE TABLE {Engine.Quote(_legacy.Name)} AS SELECT {Engine.Quote("value")} AS {Engine.Quote("some bytes")} FROM {{0}} WHERE 1 = 0");
        foreach (var (column, type) in new[] { ("a-key", "VARCHAR(200)"), ("ends", "BIGINT"), ("slides", "BIGINT"), ("ends$for$good", "BIGINT") })
            _legacy.Run($"ALTER TABLE {{0}} ADD COLUMN {Engine.Quote(column)} {type}");
    }

    [OneTimeTearDown]
    public void DropLegacyTable() => _legacy.Drop();

    [SetUp]
    public void ClearLegacyTable() => _legacy.Clear();

    [TestCase(LegacyTime.UnixSeconds, LegacySpan.Seconds)]
    [TestCase(LegacyTime.UnixMilliseconds, LegacySpan.Milliseconds)]
    [TestCase(LegacyTime.Ticks, LegacySpan.Ticks)]
    public async Task Times_may_be_numbers_of_any_kind(LegacyTime moments, LegacySpan spans)
    {
        var soon = WholeSeconds(Time.GetUtcNow().AddMinutes(5));
        Put("key", Moment(soon, moments), Span(TimeSpan.FromMinutes(20), spans), Moment(soon.AddMinutes(5), moments));
        Use(options => options.LegacyTable = Describe(moments, spans));

        Assert.That(await Cache.GetAsync("key"), Is.EqualTo(Value));
        var row = Table.Row("key");
        Assert.That(
            (row.ExpiresAt, row.SlidingMs, row.AbsoluteAt),
            Is.EqualTo((soon.ToUnixTimeMilliseconds(), (long?)1_200_000, (long?)soon.AddMinutes(5).ToUnixTimeMilliseconds())));
        Assert.That(_legacy.Count(), Is.Zero);
    }

    [TestCase(LegacyTime.UnixSeconds)]
    [TestCase(LegacyTime.UnixMilliseconds)]
    [TestCase(LegacyTime.Ticks)]
    public async Task A_number_beyond_the_calendar_is_as_good_as_never(LegacyTime moments)
    {
        Put("key", long.MaxValue, null, null);
        Use(options => options.LegacyTable = Describe(moments, LegacySpan.Seconds));

        Assert.That(await Cache.GetAsync("key"), Is.EqualTo(Value));
        Assert.That(Table.Row("key").ExpiresAt, Is.EqualTo(DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()));
        Time.Advance(TimeSpan.FromHours(1));
        Assert.That(await Cache.GetAsync("key"), Is.EqualTo(Value));
    }

    [TestCase(false, 1, TestName = "A table may have neither window nor absolute expiration")]
    [TestCase(true, 0, TestName = "A window of nothing is none")]
    public async Task A_row_has_no_window(bool hasColumns, int window)
    {
        var soon = Time.GetUtcNow().AddMinutes(5);
        Put("key", soon.ToUnixTimeMilliseconds(), window, hasColumns ? null : 1);
        Use(options =>
        {
            options.LegacyTable = Describe(LegacyTime.UnixMilliseconds, LegacySpan.Seconds);
            if (!hasColumns)
                (options.LegacyTable.SlidingColumn, options.LegacyTable.AbsoluteColumn) = (null, null);
        });

        Assert.That(await Cache.GetAsync("key"), Is.EqualTo(Value));
        var row = Table.Row("key");
        Assert.That((row.ExpiresAt, row.SlidingMs, row.AbsoluteAt), Is.EqualTo((soon.ToUnixTimeMilliseconds(), (long?)null, (long?)null)));
    }

    [Test]
    public async Task The_table_can_be_described_in_a_configuration_file()
    {
        var section = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionString"] = Engine.ConnectionString,
            ["TableName"] = Table.Name,
            ["ExpiredRemovalInterval"] = null,
            ["LegacyTable:TableName"] = _legacy.Name,
            ["LegacyTable:KeyColumn"] = "a-key",
            ["LegacyTable:ValueColumn"] = "some bytes",
            ["LegacyTable:ExpiresAtColumn"] = "ends",
            ["LegacyTable:ExpiresAtStoredAs"] = "UnixMilliseconds",
            ["LegacyTable:SlidingColumn"] = "slides",
            ["LegacyTable:AbsoluteColumn"] = null,
        }).Build();
        var services = Engine.AddCache(new ServiceCollection().AddSingleton<TimeProvider>(Time), section);
        await using var provider = services.BuildServiceProvider();
        Put("key", Time.Milliseconds + 1_000, 60, 1);

        Assert.That(await provider.GetRequiredService<SmartDistributedCache>().GetAsync("key"), Is.EqualTo(Value));
        Assert.That((Table.Row("key").SlidingMs, Table.Row("key").AbsoluteAt), Is.EqualTo(((long?)60_000, (long?)null)));
    }

    [Test]
    public void A_missing_table_is_reported_at_first_use_by_the_options_name()
    {
        Use(static options => options.LegacyTable = new LegacyTable
        {
            TableName = "no_such_table",
            ExpiresAtStoredAs = LegacyTime.Ticks,
            AbsoluteStoredAs = LegacyTime.Ticks,
        });

        Assert.That(
            () => Cache.GetAsync("key"),
            Throws.InvalidOperationException.With.Message.StartsWith("LegacyTable: ").And.Message.Contains("no_such_table").And.Message.Contains("does not exist"));
    }

    [TestCase(nameof(LegacyTable.KeyColumn))]
    [TestCase(nameof(LegacyTable.ValueColumn))]
    [TestCase(nameof(LegacyTable.ExpiresAtColumn))]
    [TestCase(nameof(LegacyTable.SlidingColumn))]
    [TestCase(nameof(LegacyTable.AbsoluteColumn))]
    public void A_missing_column_is_reported_at_first_use_by_the_options_name(string option)
    {
        Use(options =>
        {
            options.LegacyTable = Describe(LegacyTime.Ticks, LegacySpan.Ticks);
            typeof(LegacyTable).GetProperty(option)!.SetValue(options.LegacyTable, "no such column");
        });

        Assert.That(
            () => Cache.GetAsync("key"),
            Throws.InvalidOperationException.With.Message.StartsWith($"LegacyTable.{option}: ").And.Message.Contains("no such column"));
    }

    [TestCase(nameof(LegacyTable.TableName), "")]
    [TestCase(nameof(LegacyTable.TableName), "a\"b")]
    [TestCase(nameof(LegacyTable.SchemaName), "a`b")]
    [TestCase(nameof(LegacyTable.KeyColumn), "a;b")]
    [TestCase(nameof(LegacyTable.ValueColumn), "")]
    [TestCase(nameof(LegacyTable.ExpiresAtColumn), null)]
    [TestCase(nameof(LegacyTable.SlidingColumn), "a'b")]
    [TestCase(nameof(LegacyTable.AbsoluteColumn), "@now")]
    [TestCase(nameof(LegacyTable.ExpiresAtStoredAs), (LegacyTime)9)]
    [TestCase(nameof(LegacyTable.SlidingStoredAs), (LegacySpan)9)]
    [TestCase(nameof(LegacyTable.AbsoluteStoredAs), (LegacyTime)(-1))]
    public void What_cannot_work_is_named_when_the_options_are_validated(string option, object? value) =>
        Assert.That(
            () => Use(options =>
            {
                options.LegacyTable = Describe(LegacyTime.Ticks, LegacySpan.Ticks);
                typeof(LegacyTable).GetProperty(option)!.SetValue(options.LegacyTable, value);
            }),
            Throws.TypeOf<OptionsValidationException>().With.Message.Contains($"Options.LegacyTable.{option} "));

    [Test]
    public void The_cache_cannot_migrate_from_its_own_table() =>
        Assert.That(
            () => Use(options => options.LegacyTable = new LegacyTable { TableName = Table.Name }),
            Throws.TypeOf<OptionsValidationException>().With.Message.Contains("the cache's own table"));

    [Test]
    public void The_table_of_a_package_for_another_engine_is_refused()
    {
        LegacyTable[] packages = [LegacyTable.MicrosoftPostgres("a", "b"), LegacyTable.PomeloMySql("a"), LegacyTable.NeoSmartSqlite()];
        var refused = packages.Count(package =>
        {
            try
            {
                Use(options => options.LegacyTable = package);
                return false;
            }
            catch (OptionsValidationException exception)
            {
                Assert.That(exception.Message, Does.Contain("Options.LegacyTable is the table of ").And.Contain("but this cache is on"));
                return true;
            }
        });

        Assert.That(refused, Is.GreaterThanOrEqualTo(packages.Length - 1));
    }

    private static DateTimeOffset WholeSeconds(DateTimeOffset moment) => moment.AddTicks(-(moment.Ticks % TimeSpan.TicksPerSecond));

    private static long Moment(DateTimeOffset moment, LegacyTime storedAs) => storedAs switch
    {
        LegacyTime.UnixSeconds => moment.ToUnixTimeSeconds(),
        LegacyTime.UnixMilliseconds => moment.ToUnixTimeMilliseconds(),
        _ => moment.UtcTicks,
    };

    private static long Span(TimeSpan span, LegacySpan storedAs) => storedAs switch
    {
        LegacySpan.Seconds => (long)span.TotalSeconds,
        LegacySpan.Milliseconds => (long)span.TotalMilliseconds,
        _ => span.Ticks,
    };

    private void Put(string key, long expires, long? sliding, long? absolute)
    {
        using var connection = Engine.OpenConnection();
        var columns = string.Join(", ", new[] { "a-key", "some bytes", "ends", "slides", "ends$for$good" }.Select(Engine.Quote));
        connection.Run(
            $"INSERT INTO {Engine.Quote(_legacy.Name)} ({columns}) VALUES (@key, @value, @ends, @slides, @ends_for_good)",
            ("@key", key),
            ("@value", Value),
            ("@ends", expires),
            ("@slides", sliding),
            ("@ends_for_good", absolute));
    }

    private LegacyTable Describe(LegacyTime moments, LegacySpan spans) => new()
    {
        TableName = _legacy.Name,
        KeyColumn = "a-key",
        ValueColumn = "some bytes",
        ExpiresAtColumn = "ends",
        ExpiresAtStoredAs = moments,
        SlidingColumn = "slides",
        SlidingStoredAs = spans,
        AbsoluteColumn = "ends$for$good",
        AbsoluteStoredAs = moments,
    };
}
