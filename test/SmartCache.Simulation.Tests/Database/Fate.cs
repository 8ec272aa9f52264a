namespace SmartCache.Simulation.Database;

/// <summary>What befalls a statement on its way to the server, there, or on the way back.</summary>
internal enum Fate
{
    Fine,

    /// <summary>The server ends it in favour of another, as in a deadlock. Worth another try.</summary>
    Conflict,

    /// <summary>The connection breaks before the server has it. Worth another try.</summary>
    LostBefore,

    /// <summary>The connection breaks when it has taken effect. Worth another try.</summary>
    LostAfter,

    /// <summary>The connection breaks, and the server executes it all the same, but later. Worth another try.</summary>
    LostMeanwhile,

    /// <summary>The caller's patience ends before the server has it. The caller gives up.</summary>
    TimedOutBefore,

    /// <summary>The caller's patience ends when it has taken effect. The caller gives up.</summary>
    TimedOutAfter,

    /// <summary>The caller's patience ends, and the server executes it all the same, but later. The caller gives up.</summary>
    TimedOutMeanwhile,
}
