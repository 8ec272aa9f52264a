using SmartCache.Contract.Rows;

namespace SmartCache.Simulation;

/// <summary>The database that the nodes share. Each statement takes effect at one moment.</summary>
internal sealed class Server
{
    private readonly RowLocks _locks;
    private readonly RowStatements _single;
    private readonly ManyRowStatements _many;

    /// <summary>For a flaw: the rows at the last read of each node.</summary>
    private readonly Dictionary<SimulatedNode, Func<string, Row?>>? _sent;

    public Server(History history, Setting setting)
    {
        Rows = new RowTable(history);
        Texts = StatementTexts.Of(setting);
        _locks = new RowLocks(setting.HasRowLocks);
        _single = new RowStatements(Rows, setting.Counts, setting.Flaw);
        _many = new ManyRowStatements(Rows, _single, _locks, setting.Flaw);
        _sent = setting.Flaw.HasFlag(Flaw.JoinsSentReads) ? [] : null;
    }

    /// <summary>Acts for the server.</summary>
    public Actor Actor { get; } = new("server", null);
    public RowTable Rows { get; }
    public StatementTexts Texts { get; }

    public ServerSession Connect() => new(_locks);

    /// <summary>Executes a statement when its row is free.</summary>
    public async Task<Answer> ExecuteAsync(ServerSession session, Statement statement, Arguments arguments, CancellationToken cancellationToken)
    {
        if (statement.NeedsLock)
            await _locks.WaitAsync(arguments.Key, session, cancellationToken);

        return Execute(session, statement, arguments);
    }

    public Answer Execute(ServerSession session, Statement statement, Arguments arguments)
    {
        if (statement.Kind == StatementKind.BeginAndRead)
        {
            session.Begin();
            if (Rows.Find(arguments.Key) is not null)
                _locks.Take(arguments.Key, session);
        }

        var answer = statement.Kind switch
        {
            StatementKind.Describe => new Answer(0, [.. Texts.ColumnNames.Select(static name => new object?[] { name, null, 1L, null })]),
            StatementKind.Create or StatementKind.RollBack => new Answer(0),
            StatementKind.ReadMany => _many.Read(arguments, _sent?.GetValueOrDefault(Actor.Current.Node!) ?? Rows.Find),
            StatementKind.UpdateMany => _many.Update(arguments),
            StatementKind.InsertMany => _many.Insert(arguments),
            StatementKind.TouchMany => _many.TouchMany(arguments),
            StatementKind.FindTouched => _many.FindTouched(arguments),
            StatementKind.RemoveExpired => _many.RemoveExpired(arguments),
            _ => _single.Execute(statement.Kind, arguments),
        };
        if (statement.Commits || statement.Kind == StatementKind.RollBack)
            session.End();

        if (_sent is not null && statement.Kind is (StatementKind.Read or StatementKind.ReadMany) && Actor.Current.Node is { } node)
            _sent[node] = Rows.AsNow();

        return answer;
    }

    /// <summary>Executes a statement of a client that is gone, and ends the session.</summary>
    public void ExecuteLater(ServerSession session, Statement statement, Arguments arguments) =>
        Actor.Do(() => _ = ExecuteLaterAsync(session, statement, arguments));

    /// <summary>The server notices after a while that a client is gone.</summary>
    public void Abandon(ServerSession session)
    {
        if (session.IsInTransaction)
            World.Current.Agenda.Add(Actor, "notices a lost connection", session.End);
    }

    private async Task ExecuteLaterAsync(ServerSession session, Statement statement, Arguments arguments)
    {
        await World.Current.Agenda.ReachAsync($"late {statement}");
        try
        {
            await ExecuteAsync(session, statement, arguments, CancellationToken.None);
        }
        catch (SimulatedFault)
        {
            // Nobody is there to be told.
        }

        session.End();
    }
}

/// <summary>A connection as the server knows it.</summary>
internal sealed class ServerSession(RowLocks locks)
{
    public bool IsInTransaction { get; private set; }

    public void Begin() => IsInTransaction = true;

    /// <summary>Commit or rollback: a transaction writes once, right before its end.</summary>
    public void End()
    {
        IsInTransaction = false;
        locks.Release(this);
    }
}

/// <summary>The locks of rows, and who waits for them.</summary>
/// <param name="exist">Whether the storage has row locks at all: several masters do not share theirs.</param>
internal sealed class RowLocks(bool exist)
{
    private readonly Dictionary<string, ServerSession> _holders = [];
    private readonly List<(string Key, Waiter Waiter)> _waiting = [];

    public bool IsLocked(string key) => _holders.ContainsKey(key);

    /// <summary>Waits while another transaction has the lock. After its end, the waiters get through in any order.</summary>
    public async Task WaitAsync(string key, ServerSession session, CancellationToken cancellationToken)
    {
        while (_holders.TryGetValue(key, out var holder) && holder != session)
        {
            var waiter = new Waiter(Timeout.InfiniteTimeSpan, cancellationToken);
            _waiting.Add((key, waiter));
            await waiter.Task;
        }
    }

    public void Take(string key, ServerSession session)
    {
        if (exist)
            _holders[key] = session;
    }

    public void Release(ServerSession session)
    {
        foreach (var key in _holders.Where(held => held.Value == session).Select(static held => held.Key).ToList())
        {
            _holders.Remove(key);
            _waiting.FindAll(waiting => waiting.Key == key).ForEach(static waiting => waiting.Waiter.Wake());
            _waiting.RemoveAll(waiting => waiting.Key == key);
        }
    }
}

/// <summary>The table's rows. The history gets every change.</summary>
internal sealed class RowTable(History history)
{
    /// <summary>The key of the row that says which node removes expired rows. It stays, and is not a session.</summary>
    private const string SweepTurn = "\uFFFDsweep";

    private readonly SortedDictionary<string, Row> _rows = new(StringComparer.Ordinal);

    /// <summary>Keys of sessions.</summary>
    public IReadOnlyList<string> Keys => [.. _rows.Keys.Where(static key => key != SweepTurn)];

    public Row? Find(string key) => _rows.GetValueOrDefault(key);

    /// <summary>Finds rows as they are now, also later.</summary>
    public Func<string, Row?> AsNow() => new Dictionary<string, Row>(_rows).GetValueOrDefault;

    /// <summary>Writes a row, or removes it if it is null. Now is the statement's own idea of the time, if it has one.</summary>
    public void Put(string key, Row? row, StatementKind kind, long? now)
    {
        var before = Find(key);
        if (row is null)
            _rows.Remove(key);
        else
            _rows[key] = row;

        if ((before is not null || row is not null) && key != SweepTurn)
            history.RowChanged(key, kind, row, now);
    }
}

/// <summary>A row of the table.</summary>
internal sealed record Row(byte[] Value, int Format, long Version, byte[]? RecentVersions, long ExpiresAt, long? SlidingMs, long? AbsoluteAt)
{
    /// <summary>The session's entries, read independently of the code under test.</summary>
    public IReadOnlyDictionary<string, string> Entries => SessionBytes.Entries(Value).ToDictionary(static entry => entry.Name, static entry => entry.Value);

    /// <summary>The incarnation.</summary>
    public Guid Incarnation => SessionBytes.Id(Value);

    public override string ToString() => $"[{SessionBytes.Text(Value)}] until {ExpiresAt}";
}
