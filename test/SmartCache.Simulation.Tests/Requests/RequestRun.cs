using System.Text;
using SmartCache.Simulation.Checking;
using SmartCache.Simulation.Database;
using SmartCache.Simulation.Nodes;
using SmartCache.Simulation.Scheduling;
using SmartCache.Simulation.Workloads;

namespace SmartCache.Simulation.Requests;

/// <summary>Carries out a request's deeds with the stock session, and notes what the caller is told.</summary>
internal sealed class RequestRun(World world, SimulatedNode node, RequestPlan plan)
{
    private readonly SimulatedRequest _request = new(node, plan.Key);
    private readonly SessionHistory _history = world.History.Of(plan.Key);
    private readonly KeepAlive _keepAlive = new(world.History.Of(plan.Key));
    private readonly Knowledge _knowledge = new();
    private readonly long _begin = world.History.Next();
    private SessionRead? _read;
    private int _values;

    public async Task RunAsync()
    {
        try
        {
            foreach (var deed in plan.Deeds)
            {
                world.Trace.Add(plan.Name, $"{deed}");
                await DoAsync(deed);
            }
        }
        catch (SimulatedFault)
        {
            // The app does not handle it: the request ends with an error page.
        }

        await EndAsync();
    }

    private Task DoAsync(Deed deed)
    {
        switch (deed.Kind)
        {
            case DeedKind.Load or DeedKind.LoadAtOnce:
                return LoadAsync(deed.Kind == DeedKind.LoadAtOnce);
            case DeedKind.Commit:
                return IgnoringFaultsAsync(() => CommitAsync(isLast: false, CancellationToken.None));
            case DeedKind.CommitUnlessCancelled:
                return CommitUnlessCancelledAsync();
            case DeedKind.ExecuteAnew:
                return ExecuteAnewAsync();
            case DeedKind.Wait:
                return world.Time.DelayAsync(deed.Time);
            case DeedKind.Set:
                _request.Session.Set(deed.Name, Encoding.UTF8.GetBytes($"{plan.Name}.{++_values}"));
                break;
            case DeedKind.Count:
                var count = Counter.Of(_request.Entries) + Counter.One(deed.Place);
                _request.Session.Set(Counter.Name, Encoding.UTF8.GetBytes(Counter.Text(count)));
                break;
            case DeedKind.Remove:
                _request.Session.Remove(deed.Name);
                break;
            case DeedKind.Clear:
                _request.Session.Clear();
                break;
            default:
                _request.Ask(deed.Kind);
                break;
        }

        return Task.CompletedTask;
    }

    private async Task LoadAsync(bool atOnce)
    {
        var read = new SessionRead($"{plan.Name}'s load", node, world.History.Next());
        _history.Reads.Add(read);
        _knowledge.Forget();
        _read = read;
        _keepAlive.Note(read, () => read.ClockAtEnd);
        await world.History.FollowAsync(read, async () =>
        {
            (read.Incarnation, read.Entries) = await _request.LoadAsync(atOnce);
            _knowledge.Found(read.Incarnation is null ? null : read.Entries);
        });
    }

    private async Task ExecuteAnewAsync()
    {
        await EndAsync();
        _request.ExecuteAnew();
        await LoadAsync(atOnce: false);
    }

    private async Task CommitUnlessCancelledAsync()
    {
        // Not disposed of: the caller may change its mind when nobody listens any more.
        var cancelling = new CancellationTokenSource();
        var caller = new Actor($"{plan.Name}'s caller", node);
        world.Begin(caller, async () =>
        {
            await world.Agenda.ReachAsync("changes its mind");
            if (world.Choices.Happens())
            {
                cancelling.Cancel();
            }
        });
        await IgnoringFaultsAsync(() => CommitAsync(isLast: false, cancelling.Token));
    }

    private Task EndAsync() => IgnoringFaultsAsync(() => CommitAsync(isLast: true, CancellationToken.None));

    private Task CommitAsync(bool isLast, CancellationToken cancellationToken) =>
        _request.Abandons ? AbandonAsync(isLast, cancellationToken) : StoreAsync(isLast, cancellationToken);

    private async Task StoreAsync(bool isLast, CancellationToken cancellationToken)
    {
        var mine = _request.Entries;
        var begin = world.History.Next();
        var changes = _request.Saves ? _knowledge.Try(mine, begin) : new Dictionary<string, Attempt>();
        var store = new SessionStore($"{plan.Name}'s commit", node, begin, _read?.Begin ?? _begin, _knowledge.HasBase, changes)
        {
            Count = _request.Saves ? Counter.Of(mine) - _knowledge.Count : 0,
            Loaded = _read?.Incarnation,
            SkipsRefresh = _request.SkipsRefresh,
        };
        _history.Stores.Add(store);

        // At log level Information the store is preceded by a read, and both by so much time.
        _keepAlive.Note(store, () => world.Setting.ReadsAgain ? store.ClockAtEnd : store.ClockAtBegin);
        await world.History.FollowAsync(store, async () =>
        {
            await _request.CommitAsync(isLast, cancellationToken);
            store.IsDiscarded = _request.IsRemoved;
        });
        if (store.IsStored && _request.Saves && (changes.Count > 0 || store.Count != 0 || _knowledge.HasBase))
        {
            _knowledge.Stored(mine);
        }

        _keepAlive.Settle(store, !_request.SkipsRefresh && !store.IsDiscarded && (_knowledge.HasBase || _read is null));
    }

    private async Task AbandonAsync(bool isLast, CancellationToken cancellationToken)
    {
        var removal = new SessionRemoval($"{plan.Name}'s logout", node, world.History.Next());
        _history.Removals.Add(removal);
        await world.History.FollowAsync(removal, () => _request.CommitAsync(isLast, cancellationToken));
        _request.HasAbandoned();
    }

    private async Task IgnoringFaultsAsync(Func<Task> commit)
    {
        try
        {
            await commit();
        }
        catch (Exception exception) when (exception is SimulatedFault or OperationCanceledException or TimeoutException or SessionMergeException)
        {
            // The middleware logs what its commit fails with; the history has it.
            world.Trace.Add(plan.Name, $"is told: {exception.Message}");
        }
    }
}
