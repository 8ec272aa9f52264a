namespace SmartCache.Simulation;

/// <summary>Nodes, their database and their time. Everything happens on one thread, one step at a time.</summary>
internal sealed class World
{
    /// <summary>A schedule that takes more steps is considered endless.</summary>
    private const int MaxSteps = 20_000;
    private static readonly TimeSpan MaxTime = TimeSpan.FromHours(1);

    [ThreadStatic]
    private static World? _current;

    private readonly List<(Actor Actor, Task Task)> _running = [];
    private NotSupportedException? _beyond;
    private int _steps;

    public World(Setting setting, int seed, Trace trace)
    {
        _current = this;
        Setting = setting;
        Random = new System.Random(seed);
        Trace = trace;
        trace.Clock = () => TimeSpan.FromTicks(Time.Ticks);
        Agenda = new Agenda(trace);
        History = new History(this);
        Server = new Server(History, setting);
        Nodes = [.. setting.Clocks.Select((ahead, number) => new SimulatedNode(this, number, ahead, setting))];
    }

    /// <summary>The world that this thread simulates.</summary>
    public static World Current => _current ?? throw new InvalidOperationException("Code of the product ran on another thread than the simulation's.");
    public Setting Setting { get; }
    public IChoices Choices { get; set; } = new FirstChoice();
    public System.Random Random { get; }
    public Trace Trace { get; }
    public VirtualTime Time { get; } = new();
    public Agenda Agenda { get; }
    public History History { get; }
    public Server Server { get; }
    public IReadOnlyList<SimulatedNode> Nodes { get; }

    /// <summary>Begins work that <see cref="Run"/> waits for, unless its node dies.</summary>
    public void Begin(Actor actor, Func<Task> work) => actor.Do(() => _running.Add((actor, work())));

    /// <summary>Takes steps until all work has ended.</summary>
    public void Run()
    {
        var latest = Time.Ticks + MaxTime.Ticks;
        while (true)
        {
            Time.FireDue();
            if (!Agenda.IsEmpty && !Choices.TimePasses())
                Agenda.TakeOne(Choices);
            else if (Agenda.IsEmpty && _running.TrueForAll(static work => work.Task.IsCompleted || work.Actor.Node is { IsDead: true }))
                break;
            else
                Time.Pass();

            if (_beyond is not null)
                throw _beyond;

            if (++_steps > MaxSteps || Time.Ticks > latest)
                throw new ViolationException($"No end in sight for {string.Join(", ", _running.Where(static work => !work.Task.IsCompleted).Select(static work => work.Actor))}.");
        }

        foreach (var (_, task) in _running.Where(static work => work.Task.IsCompleted))
            task.GetAwaiter().GetResult();

        _running.Clear();
    }

    /// <summary>The product has done something that is not simulated. The schedule fails, whoever catches the exception.</summary>
    public NotSupportedException NotSimulated(string what) => _beyond = new NotSupportedException($"Not simulated: {what}");
}
