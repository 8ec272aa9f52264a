using SmartCache.Connections;

namespace SmartCache.Contract.Faults;

/// <summary>When a connection breaks.</summary>
public enum FaultMoment
{
    Never,

    BeforeTheWork,

    /// <summary>After the database has committed, but before its answer came.</summary>
    AfterTheWork,
}

/// <summary>What a caller gets when a test breaks a connection: nothing an engine would take for a fault that passes.</summary>
public sealed class InjectedFaultException(string message) : Exception(message)
{
    public static InjectedFaultException Before => new("The connection broke before anything was sent.");
    public static InjectedFaultException After => new("The connection broke before the answer came.");
}

/// <summary>The connections of a cache, as a test may use them and put something in front of them.</summary>
public class CacheConnections
{
    internal CacheConnections(ConnectionSource source) => Source = source;

    private protected CacheConnections()
    {
    }

    internal ConnectionSource Source { get; private protected init; } = null!;

    /// <summary>Runs a work that only reads on a connection of the cache.</summary>
    public Task<TResult> RunAsync<TResult>(Func<DbConnection, CancellationToken, Task<TResult>> work, CancellationToken cancellationToken = default) =>
        Source.RunAsync(async connection => await work(connection.Connection, connection.Token), writes: false, async: true, cancellationToken).AsTask();
}

/// <summary>Stands between a cache and its connections. It is the only type of the tests that knows how the cache uses them.</summary>
public abstract class InterceptedSource : CacheConnections
{
    private int _writes;
    private int _reads;

    protected InterceptedSource(CacheConnections connections)
    {
        ArgumentNullException.ThrowIfNull(connections);
        Source = new Interceptor(this, connections.Source);
    }

    /// <summary>How many works that write have been begun.</summary>
    public int Writes => _writes;

    /// <summary>How many works that only read have been begun.</summary>
    public int Reads => _reads;

    protected abstract Task AroundAsync(bool writes, Func<Task> work);

    private sealed class Interceptor(InterceptedSource outer, ConnectionSource connections) : ConnectionSource
    {
        public override int InUse => connections.InUse;

        public override async ValueTask<TResult> RunAsync<TResult>(
            Func<StoreConnection, ValueTask<TResult>> work, bool writes, bool async, CancellationToken token)
        {
            Interlocked.Increment(ref writes ? ref outer._writes : ref outer._reads);

            var result = default(TResult)!;
            await outer.AroundAsync(writes, async () => result = await connections.RunAsync(work, writes, async, token));
            return result;
        }

        public override void Dispose() => connections.Dispose();

        public override ValueTask DisposeAsync() => connections.DisposeAsync();
    }
}

/// <summary>Breaks the next work as a test asks; all else goes through.</summary>
public sealed class FaultySource(CacheConnections connections) : InterceptedSource(connections)
{
    private FaultMoment _next;
    private bool _writes;

    public void BreakNextWrite(FaultMoment moment) => (_next, _writes) = (moment, true);

    public void BreakNextRead() => (_next, _writes) = (FaultMoment.BeforeTheWork, false);

    protected override async Task AroundAsync(bool writes, Func<Task> work)
    {
        var fault = FaultMoment.Never;
        if (writes == _writes)
            (fault, _next) = (_next, FaultMoment.Never);

        await (fault == FaultMoment.BeforeTheWork ? throw InjectedFaultException.Before : work());
        if (fault == FaultMoment.AfterTheWork)
            throw InjectedFaultException.After;
    }
}

/// <summary>Breaks works that write now and then, before they are done or after; the caller cannot tell which.</summary>
public sealed class UnreliableSource(CacheConnections connections) : InterceptedSource(connections)
{
    private const double Share = 0.2;

    /// <summary>The fractions of its multiples are spread evenly, so that each share comes true in any run of works.</summary>
    private const double GoldenRatio = 0.6180339887498949;

    private int _works;
    private int _doneAllTheSame;

    public bool IsBroken { get; set; }

    /// <summary>How often a work was done of which the caller was told that it failed.</summary>
    public int DoneAllTheSame => _doneAllTheSame;

    protected override async Task AroundAsync(bool writes, Func<Task> work)
    {
        var chance = IsBroken && writes ? Interlocked.Increment(ref _works) * GoldenRatio % 1 : 1;
        await (chance < Share ? throw InjectedFaultException.Before : work());
        if (chance < 2 * Share)
        {
            Interlocked.Increment(ref _doneAllTheSame);
            throw InjectedFaultException.After;
        }
    }
}

/// <summary>Lets something else happen before each work that writes, and fails what does not come to an end.</summary>
public sealed class BusySource(CacheConnections connections) : InterceptedSource(connections)
{
    private const int Many = 200;

    public Action? BeforeWrite { get; set; }

    protected override Task AroundAsync(bool writes, Func<Task> work)
    {
        if (writes)
            BeforeWrite?.Invoke();

        return Writes <= Many ? work() : throw new InvalidOperationException($"More than {Many} works: this does not end.");
    }
}

/// <summary>Holds up the next asynchronous work, so that others can come between.</summary>
public sealed class PausingSource(CacheConnections connections) : InterceptedSource(connections)
{
    private Gate? _beforeWrite;
    private Gate? _afterRead;

    /// <summary>The next work that writes waits before it begins.</summary>
    public Gate BeforeNextWrite() => _beforeWrite = new Gate();

    /// <summary>The next work that only reads waits with what it has read.</summary>
    public Gate AfterNextRead() => _afterRead = new Gate();

    protected override async Task AroundAsync(bool writes, Func<Task> work)
    {
        if (writes && Interlocked.Exchange(ref _beforeWrite, null) is { } before)
            await before.PassAsync();

        await work();
        if (!writes && Interlocked.Exchange(ref _afterRead, null) is { } after)
            await after.PassAsync();
    }
}
