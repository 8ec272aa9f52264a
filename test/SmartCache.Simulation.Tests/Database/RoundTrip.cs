using System.Data;

namespace SmartCache.Simulation;

/// <summary>One statement that is sent, and answered or not. The way there and the way back are separate steps.</summary>
internal sealed class RoundTrip(SimulatedConnection connection, Statement statement, Arguments arguments)
{
    private static readonly Fate[] Misfortunes = [Fate.Conflict, Fate.LostBefore, Fate.LostAfter, Fate.TimedOutBefore, Fate.TimedOutAfter];
    private static readonly Fate[] MisfortunesOfStragglers = [.. Misfortunes, Fate.LostMeanwhile, Fate.TimedOutMeanwhile];

    private static World World => World.Current;

    public async Task<Answer> RunAsync(CancellationToken cancellationToken)
    {
        ThrowIfBroken();
        await World.Agenda.ReachAsync($"sends {statement}", cancellationToken);
        var fate = World.Choices.Fate(statement.MayStraggle ? MisfortunesOfStragglers : Misfortunes);
        if (fate is not (Fate.Fine or Fate.LostAfter or Fate.TimedOutAfter))
            throw Fail(fate);

        var answer = await connection.Server.ExecuteAsync(connection.Session, statement, arguments, cancellationToken);
        if (fate != Fate.Fine)
            throw Fail(fate);

        await World.Agenda.ReachAsync($"is answered {statement}: {answer.Affected}", cancellationToken);
        return answer.Affected == 0 && statement is { IsGuarded: true, Commits: false } && World.Setting.IsStrict && World.Choices.Happens()
            ? throw new SimulatedFault("Another has changed the row.", isTransient: false) { IsConflict = true, IsLostRace = true }
            : answer;
    }

    /// <summary>For synchronous callers: one step, together with what they do before and after.</summary>
    public Answer Run()
    {
        ThrowIfBroken();
        World.Trace.Add(Actor.Current, $"sends {statement}, which is answered at once");
        return connection.Server.Execute(connection.Session, statement, arguments);
    }

    private SimulatedFault Fail(Fate fate)
    {
        World.Trace.Add(Actor.Current, $"meets with {fate}: {statement}");
        switch (fate)
        {
            case Fate.Conflict:
                connection.Session.End();
                return new SimulatedFault("Deadlock.", isTransient: true) { IsConflict = true };
            case Fate.LostMeanwhile or Fate.TimedOutMeanwhile:
                connection.Break(isExecuting: true);
                connection.Server.ExecuteLater(connection.Session, statement, arguments);
                break;
            default:
                connection.Break(isExecuting: false);
                break;
        }

        return new SimulatedFault("The connection is lost.", isTransient: fate is Fate.LostBefore or Fate.LostAfter or Fate.LostMeanwhile);
    }

    private void ThrowIfBroken()
    {
        if (connection.State != ConnectionState.Open)
            throw new SimulatedFault("The connection is broken.", isTransient: true);
    }
}

/// <summary>What happens to a statement on its way to the server, there, or on the way back.</summary>
internal enum Fate
{
    Fine,

    /// <summary>The server ends it in favour of another, as in a deadlock. A retry makes sense.</summary>
    Conflict,

    /// <summary>The connection breaks before the server has it. A retry makes sense.</summary>
    LostBefore,

    /// <summary>The connection breaks when it has taken effect. A retry makes sense.</summary>
    LostAfter,

    /// <summary>The connection breaks, and the server executes it later all the same. A retry makes sense.</summary>
    LostMeanwhile,

    /// <summary>The caller's timeout ends before the server has it. The caller gives up.</summary>
    TimedOutBefore,

    /// <summary>The caller's timeout ends when it has taken effect. The caller gives up.</summary>
    TimedOutAfter,

    /// <summary>The caller's timeout ends, and the server executes it later all the same. The caller gives up.</summary>
    TimedOutMeanwhile,
}

/// <summary>The server's answer: the rows of a query, or how many rows a statement affected.</summary>
internal sealed record Answer(int Affected, params object?[][] Rows);
