using SmartCache.Simulation.Checking;
using SmartCache.Simulation.Scheduling;
using SmartCache.Simulation.Workloads;

namespace SmartCache.Simulation.Database;

/// <summary>The database that the nodes share. Each statement takes effect at one moment.</summary>
internal sealed class Server
{
    private readonly RowLocks _locks;
    private readonly RowStatements _single;
    private readonly ManyRowStatements _many;

    public Server(History history, Setting setting)
    {
        Rows = new RowTable(history);
        Texts = StatementTexts.Of(setting);
        _locks = new RowLocks(setting.HasRowLocks);
        _single = new RowStatements(Rows, setting.Counts, setting.Flaw);
        _many = new ManyRowStatements(Rows, _single, _locks, setting.Flaw);
    }

    /// <summary>Whoever acts on the server's behalf.</summary>
    public Actor Actor { get; } = new("server", null);

    public RowTable Rows { get; }

    public StatementTexts Texts { get; }

    public ServerSession Connect() => new(_locks);

    /// <summary>Executes a statement when its row is free.</summary>
    public async Task<Answer> ExecuteAsync(ServerSession session, Statement statement, Arguments arguments, CancellationToken cancellationToken)
    {
        if (statement.NeedsLock)
        {
            await _locks.WaitAsync(arguments.Key, session, cancellationToken);
        }

        return Execute(session, statement, arguments);
    }

    public Answer Execute(ServerSession session, Statement statement, Arguments arguments)
    {
        if (statement.Kind == StatementKind.BeginAndRead)
        {
            session.Begin();
            if (Rows.Find(arguments.Key) is not null)
            {
                _locks.Take(arguments.Key, session);
            }
        }

        var answer = statement.Kind switch
        {
            StatementKind.Describe => new Answer(0, [.. Texts.ColumnNames.Select(static name => new object?[] { name, null, 1L, null })]),
            StatementKind.Create or StatementKind.RollBack => new Answer(0),
            StatementKind.TouchMany => _many.TouchMany(arguments),
            StatementKind.FindTouched => _many.FindTouched(arguments),
            StatementKind.RemoveExpired => _many.RemoveExpired(arguments),
            _ => _single.Execute(statement.Kind, arguments),
        };
        if (statement.Commits || statement.Kind == StatementKind.RollBack)
        {
            session.End();
        }

        return answer;
    }

    /// <summary>Executes what a client that has gone had sent; then nobody is left in that session.</summary>
    public void ExecuteLater(ServerSession session, Statement statement, Arguments arguments) =>
        Actor.Do(() => _ = ExecuteLaterAsync(session, statement, arguments));

    /// <summary>The server notices after a while that a client has gone.</summary>
    public void Abandon(ServerSession session)
    {
        if (session.IsInTransaction)
        {
            World.Current.Agenda.Add(Actor, "notices a lost connection", session.End);
        }
    }

    private async Task ExecuteLaterAsync(ServerSession session, Statement statement, Arguments arguments)
    {
        await World.Current.Agenda.ReachAsync($"late {statement}");
        await ExecuteAsync(session, statement, arguments, CancellationToken.None);
        session.End();
    }
}
