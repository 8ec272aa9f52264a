using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace SmartCache.Diagnostics;

/// <summary>
/// What one cache does, for OpenTelemetry and <c>dotnet-counters</c>: the meter is called <c>SmartCache</c>. Names and units follow
/// OpenTelemetry's conventions for databases. docs/operations.md lists every instrument. While nobody listens, nothing is timed and nothing
/// allocated.
/// </summary>
internal sealed class CacheMetrics : IDisposable
{
    /// <summary>The name of the meter and of the activity source.</summary>
    public const string Name = "SmartCache";

    private static readonly ActivitySource Activities = new(Name);
    private static readonly InstrumentAdvice<double> Seconds = new() { HistogramBucketBoundaries = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10] };
    private static readonly InstrumentAdvice<long> Bytes = new() { HistogramBucketBoundaries = [256, 1_024, 4_096, 16_384, 65_536, 262_144, 1_048_576, 16_777_216] };
    private static readonly InstrumentAdvice<long> Sizes = new() { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64] };

    private readonly string _cache;
    private readonly string _table;
    private readonly Meter _meter;
    private readonly bool _ownsMeter;
    private readonly Histogram<double> _operations;
    private readonly Histogram<double> _works;
    private readonly Histogram<long> _payloads;
    private readonly Histogram<long> _shared;
    private readonly Counter<long> _merged;
    private readonly Counter<long> _conflicts;
    private readonly Counter<long> _discarded;
    private readonly Counter<long> _unmerged;
    private readonly Counter<long> _inDoubt;
    private readonly Counter<long> _retries;
    private readonly Counter<long> _touches;
    private readonly Counter<long> _swept;
    private volatile bool _isDisposed;

    /// <param name="factory">Creates the meter, which then belongs to the container; null for a meter of the cache's own.</param>
    /// <param name="cache">The key of a keyed cache; null for the cache without a key.</param>
    /// <param name="system">The engine, as the conventions name it.</param>
    public CacheMetrics(IMeterFactory? factory, string? cache, string system, string table)
    {
        (_cache, SystemName, _table) = (cache ?? "default", system, table);
        _ownsMeter = factory is null;
        _meter = factory?.Create(Name) ?? new Meter(Name);
        _operations = _meter.CreateHistogram("smartcache.operation.duration", "s", "Duration of operations of the cache.", tags: null, Seconds);
        _works = _meter.CreateHistogram("db.client.operation.duration", "s", "Duration of database client operations.", tags: null, Seconds);
        _payloads = _meter.CreateHistogram("smartcache.payload.size", "By", "Size of values as they are stored.", tags: null, Bytes);
        _shared = _meter.CreateHistogram("smartcache.shared_statement.size", "{operation}", "Rows that a shared statement read or wrote.", tags: null, Sizes);
        _merged = _meter.CreateCounter<long>("smartcache.session.merged", "{save}", "Saves into which another request's entries were merged.");
        _conflicts = _meter.CreateCounter<long>("smartcache.session.conflicts", "{entry}", "Entries that two requests had changed; the later save won.");
        _discarded = _meter.CreateCounter<long>("smartcache.session.discarded", "{save}", "Saves discarded because their session was removed while the request ran.");
        _unmerged = _meter.CreateCounter<long>("smartcache.session.unmerged", "{save}", "Sessions saved in a request that had not loaded them through the cache.");
        _inDoubt = _meter.CreateCounter<long>("smartcache.session.in_doubt", "{write}", "In-doubt writes of sessions, by what became of them.");
        _retries = _meter.CreateCounter<long>("smartcache.retries", "{retry}", "Tries of a database operation after the first one.");
        _touches = _meter.CreateCounter<long>("smartcache.touches.written", "{touch}", "Touches written to the database.");
        _swept = _meter.CreateCounter<long>("smartcache.rows.swept", "{row}", "Expired rows removed.");
    }

    /// <summary>The engine. A server may tell only on the first connection which of its family it is.</summary>
    public string SystemName { get; set; }

    /// <summary>Whether somebody wants to know of each work on the database.</summary>
    public bool ObservesWorks => _works.Enabled || Activities.HasListeners();

    /// <summary>Begins to time an operation of the cache; null if nobody listens.</summary>
    /// <param name="name">The operation: get, set, refresh or remove, unless it turns out to be a session's.</param>
    public OperationMeasure? Begin(string name) => _operations.Enabled ? new OperationMeasure(this, name) : null;

    /// <summary>Begins to time a work on the database.</summary>
    public WorkMeasure BeginWork(string operation, int batchSize) =>
        new(this, batchSize > 1 ? $"BATCH {operation}" : operation, batchSize, Activities.HasListeners() ? Activities : null);

    public void Merged() => Add(_merged, 1);

    public void Conflict() => Add(_conflicts, 1);

    public void Discarded() => Add(_discarded, 1);

    public void Unmerged() => Add(_unmerged, 1);

    /// <param name="outcome"><c>written</c>, <c>not_written</c>, or <c>unknown</c> if the save failed before this was known.</param>
    public void InDoubt(string outcome, int count) => Add(_inDoubt, count, Tag("smartcache.in_doubt.outcome", outcome));

    public void Retried(string operation, bool isConflict, Exception reason)
    {
        if (_retries.Enabled)
        {
            var tags = Tags();
            tags.Add("db.operation.name", operation);
            tags.Add("smartcache.retry.reason", isConflict ? "conflict" : "fault");
            tags.Add("error.type", ErrorType(reason));
            _retries.Add(1, tags);
        }
    }

    public void TouchesWritten(int count) => Add(_touches, count);

    public void RowsSwept(int count) => Add(_swept, count);

    /// <param name="isWritten">Whether the value was written; it was read otherwise.</param>
    public void Payload(bool isWritten, int size)
    {
        if (_payloads.Enabled)
            _payloads.Record(size, Tags(Tag("db.operation.name", isWritten ? "write" : "read")));
    }

    /// <param name="count">How many rows it was about.</param>
    public void SharedStatement(string operation, int count)
    {
        if (count > 0 && _shared.Enabled)
            _shared.Record(count, Tags(Tag("db.operation.name", operation)));
    }

    public void ObserveConnections(Func<int> inUse) => _meter.CreateObservableUpDownCounter(
        "db.client.connection.count",
        () => _isDisposed ? [] : new[] { new Measurement<int>(inUse(), Tags(Tag("db.client.connection.pool.name", _cache), Tag("db.client.connection.state", "used"))) },
        "{connection}",
        "Connections that the cache is using.");

    public void ObserveWaitingTouches(Func<int> count) => _meter.CreateObservableUpDownCounter(
        "smartcache.touches.waiting",
        () => _isDisposed ? [] : new[] { new Measurement<int>(count(), Tags()) },
        "{touch}",
        "Touches that wait in memory.");

    public void ObserveFlushLag(Func<TimeSpan> lag) => ObserveLag(
        "smartcache.flush.lag", "How long touches have not been written because flushing fails.", () => lag());

    /// <param name="lag">Null if the cache sweeps only when it is asked to.</param>
    public void ObserveSweepLag(Func<TimeSpan?> lag) => ObserveLag(
        "smartcache.sweep.lag", "How long ago the last sweep ended, by this node or by another one.", lag);

    /// <param name="state">The circuit's state: <c>closed</c>, <c>half_open</c> or <c>open</c>.</param>
    public void ObserveCircuit(Func<string> state) => _meter.CreateObservableUpDownCounter(
        "smartcache.circuit.state",
        () =>
        {
            var now = state();
            return _isDisposed ? [] : Array.ConvertAll(
                ["closed", "half_open", "open"], each => new Measurement<int>(each == now ? 1 : 0, Tags(Tag("smartcache.circuit.state", each))));
        },
        "{circuit}",
        "1 for the state that the circuit breaker is in, 0 for the others.");

    /// <summary>The last counts still go out. What is observed ends, and a meter of the cache's own with it.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        if (_ownsMeter)
            _meter.Dispose();
    }

    internal void End(OperationMeasure measure, Exception? failure)
    {
        var tags = Tags();
        tags.Add("smartcache.operation.name", measure.Name);
        tags.Add("smartcache.operation.outcome", failure is null ? measure.Outcome : failure is OperationCanceledException ? "canceled" : "failed");
        if (failure is not null)
            tags.Add("error.type", ErrorType(failure));

        _operations.Record(measure.Elapsed.TotalSeconds, tags);
    }

    internal void End(in WorkMeasure measure, Exception? failure)
    {
        if (failure is not null)
            measure.Activity?.SetTag("error.type", ErrorType(failure)).SetStatus(ActivityStatusCode.Error);

        measure.Activity?.Dispose();
        if (_works.Enabled)
        {
            var tags = Tags();
            tags.Add("db.operation.name", measure.Operation);
            tags.Add("db.collection.name", _table);
            if (failure is not null)
                tags.Add("error.type", ErrorType(failure));

            _works.Record(measure.Elapsed.TotalSeconds, tags);
        }
    }

    internal Activity? Start(ActivitySource source, string operation, int batchSize)
    {
        var activity = source.StartActivity($"{operation} {_table}", ActivityKind.Client);
        if (activity is not { IsAllDataRequested: true })
            return activity;

        activity.SetTag("db.system.name", SystemName).SetTag("db.operation.name", operation).SetTag("db.collection.name", _table).SetTag("smartcache.cache.name", _cache);
        return batchSize > 1 ? activity.SetTag("db.operation.batch.size", batchSize) : activity;
    }

    private void ObserveLag(string name, string description, Func<TimeSpan?> lag) => _meter.CreateObservableGauge(
        name,
        () => _isDisposed || lag() is not { } now ? [] : new[] { new Measurement<double>(now.TotalSeconds, Tags()) },
        "s",
        description);

    private void Add(Counter<long> counter, long count, params ReadOnlySpan<KeyValuePair<string, object?>> more)
    {
        if (count > 0 && counter.Enabled)
            counter.Add(count, Tags(more));
    }

    private TagList Tags(params ReadOnlySpan<KeyValuePair<string, object?>> more)
    {
        var tags = new TagList { { "smartcache.cache.name", _cache }, { "db.system.name", SystemName } };
        foreach (var tag in more)
            tags.Add(tag);

        return tags;
    }

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);

    /// <summary>The server's own code if it sent one. It and a type's name are few; a message may contain anything.</summary>
    private static string ErrorType(Exception exception) =>
        exception is DbException { SqlState: { Length: > 0 } state } ? state : exception.GetType().FullName!;
}
